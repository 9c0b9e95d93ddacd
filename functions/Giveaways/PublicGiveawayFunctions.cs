using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FinVault.Giveaways;

/// <summary>
/// What participants and onlookers do. Nobody signs in; who takes part shows the token of the registration.
/// </summary>
[Unlimited("A hall full of people shares one address; what changes a giveaway is counted for the giveaway as a whole.")]
public sealed class PublicGiveawayFunctions(
    PublicGiveaways giveaways, Entries entries, SlotAttempts attempts, Claims claims, JoinCodes codes,
    PublicCallLimits limits, GiveawayOptions options)
{
    private const string Why = "Giveaways are for everybody; participants show a token of their own.";
    private const int MaxBodyBytes = 16 * 1024;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(GetPublicGiveaway))]
    [Public(Why)]
    [Api("A giveaway as everybody sees it",
        Description = "Count down from `remainingTimeSeconds`, which is the server's. "
            + "Rules and commitment are fixed before the start.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(PublicGiveaway), "The giveaway.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> GetPublicGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => new JsonAnswer(await giveaways.ReadAsync(id, cancellationToken));

    [Function(nameof(JoinByCode))]
    [Public(Why)]
    [Api("The giveaway of a join code", Description = "Capital or small letters, with or without hyphens.")]
    [Parameter("code", typeof(string), "The code.")]
    [Answers(StatusCodes.Status200OK, typeof(PublicGiveaway), "The giveaway.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> JoinByCode(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/join/{code}")] HttpRequest request,
        string code,
        CancellationToken cancellationToken)
    {
        string id = await codes.FindAsync(code, cancellationToken)
            ?? throw Problems.UnknownGiveaway.With("No giveaway has this code.");
        return new JsonAnswer(await giveaways.ReadAsync(id, cancellationToken));
    }

    [Function(nameof(GetJoinQr))]
    [Public(Why)]
    [Api("The join code as a QR code", Description = "SVG.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, null, "An image/svg+xml of the address to join at.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> GetJoinQr(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/qr")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        PublicGiveaway giveaway = await giveaways.ReadAsync(id, cancellationToken);
        string origin = options.PublicUrl.Length > 0
            ? options.PublicUrl.TrimEnd('/')
            : $"{request.Scheme}://{request.Host}";
        return new ContentResult
        {
            Content = QrSvg.Of($"{origin}/join/{giveaway.JoinCode}"), ContentType = QrSvg.ContentType,
        };
    }

    [Function(nameof(ListWinners))]
    [Public(Why)]
    [Api("Who has won", Description = "The latest first; names are masked.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<WinnerView>), "Winners.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> ListWinners(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/winners")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => new JsonAnswer(
            await giveaways.WinnersAsync(id, PageRequest.From(request, DefaultPage, MaxPage), cancellationToken));

    [Function(nameof(RegisterParticipant))]
    [Public(Why)]
    [Api("Take part", Description = "Once a contact. With a secret of the participant's own it may be repeated.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Body(typeof(EntryForm))]
    [Answers(StatusCodes.Status201Created, typeof(Registered), "The token to show from now on.")]
    [Answers(StatusCodes.Status200OK, typeof(Registered), "The same registration came before.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidRegistration), nameof(Problems.GiveawayNotOpen),
        nameof(Problems.GiveawayFull), nameof(Problems.AlreadyRegistered), nameof(Problems.RateLimited))]
    public async Task<IActionResult> RegisterParticipant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "public/giveaways/{id}/participants")]
        HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        await limits.TakeAsync(id, request, cancellationToken);
        EntryForm wanted = await request.ReadJsonAsync<EntryForm>(MaxBodyBytes, cancellationToken);
        (Registered registered, bool isNew) = await entries.RegisterAsync(id, wanted, cancellationToken);
        return new JsonAnswer(registered, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    [Function(nameof(GetOwnEntry))]
    [Public(Why)]
    [Api("One's own attempts and prizes")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(OwnEntry), "What there is of the participant with this token.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidParticipant))]
    public async Task<IActionResult> GetOwnEntry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/participants/me")]
        HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        new JsonAnswer(await entries.ReadAsync(id, ParticipantToken.Of(request), cancellationToken));

    [Function(nameof(LeaveGiveaway))]
    [Public(Why)]
    [Api("Leave", Description = "Before the end, for who has won nothing. What was known of them is removed.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status204NoContent, null, "Gone.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidParticipant), nameof(Problems.GiveawayNotOpen),
        nameof(Problems.RateLimited))]
    public async Task<IActionResult> LeaveGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "public/giveaways/{id}/participants/me")]
        HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        await limits.TakeAsync(id, request, cancellationToken);
        await entries.LeaveAsync(id, ParticipantToken.Of(request), cancellationToken);
        return new NoContentResult();
    }

    [Function(nameof(MakeAttempt))]
    [Public(Why)]
    [Api("Try to win",
        Description = "Slot-machine mode. The attempt's id is the client's own: sent again it gets the same answer.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Body(typeof(AttemptRequest))]
    [Answers(StatusCodes.Status200OK, typeof(AttemptAnswer), "Won or not, with a receipt.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidParticipant), nameof(Problems.InvalidAttempt),
        nameof(Problems.GiveawayNotOpen), nameof(Problems.NoAttemptsLeft), nameof(Problems.AlreadyWon),
        nameof(Problems.RateLimited))]
    public async Task<IActionResult> MakeAttempt(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "public/giveaways/{id}/attempts")]
        HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await limits.TakeAsync(id, request, cancellationToken);
        ParticipantToken token = ParticipantToken.Of(request);
        AttemptRequest attempt = await request.ReadJsonAsync<AttemptRequest>(MaxBodyBytes, cancellationToken);
        AttemptAnswer answer = await attempts.AttemptAsync(id, token, attempt.Checked());
        if (answer.TookTheLast)
        {
            await LifecycleSignals.ChangedAsync(client, id, cancellationToken);
        }

        return new JsonAnswer(answer);
    }

    [Function(nameof(ClaimPrize))]
    [Public(Why)]
    [Api("Claim a prize", Description = "A gift card's code, or airtime to a phone. Repeated, it answers the same.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Parameter("prize", typeof(string), "The prize.")]
    [Body(typeof(ClaimRequest))]
    [Answers(StatusCodes.Status200OK, typeof(ClaimAnswer), "The prize.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidParticipant), nameof(Problems.UnknownPrize),
        nameof(Problems.ClaimOver), nameof(Problems.InvalidRequest), nameof(Problems.RateLimited))]
    public async Task<IActionResult> ClaimPrize(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "public/giveaways/{id}/prizes/{prize}/claim")]
        HttpRequest request,
        string id,
        string prize,
        CancellationToken cancellationToken)
    {
        await limits.TakeAsync(id, request, cancellationToken);
        ParticipantToken token = ParticipantToken.Of(request);
        ClaimRequest wanted = await request.ReadJsonAsync<ClaimRequest>(MaxBodyBytes, cancellationToken);
        return new JsonAnswer(await claims.ClaimAsync(id, prize, token, wanted, cancellationToken));
    }
}
