using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FinVault.Escrow;

/// <summary>Redeeming gift cards at a merchant's branches.</summary>
public sealed class RedemptionFunctions(Redemptions redemptions, EscrowOptions options, TimeProvider time)
{
    private const int MaxBodyBytes = 4096;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(InitiateRedemption))]
    [Access(Permission = Permissions.RedemptionInitiate)]
    [Api(
        "Enter the code of a gift card",
        Description = "At a branch where you work. Shows what it is worth; somebody permitted confirms within 15 minutes. Wrong "
            + "codes are counted for you and for the branch.")]
    [Body(typeof(RedemptionRequest))]
    [Answers(StatusCodes.Status201Created, typeof(RedemptionView), "It can be confirmed.")]
    [Fails(
        nameof(Problems.NotFound), nameof(Problems.MerchantNotApproved), nameof(Problems.TooManyAttempts),
        nameof(Problems.UnknownGiftCard), nameof(Problems.GiftCardNotGood), nameof(Problems.GiftCardInUse))]
    public async Task<IActionResult> InitiateRedemption(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "redemptions")] HttpRequest request,
        FunctionContext context)
    {
        RedemptionRequest wanted = await request.ReadJsonAsync<RedemptionRequest>(MaxBodyBytes, context.CancellationToken);
        RedemptionView begun = await redemptions.InitiateAsync(
            CurrentUser.Of(context), wanted, context.CancellationToken);
        return new JsonAnswer(begun, StatusCodes.Status201Created);
    }

    [Function(nameof(ListRedemptions))]
    [Access(Permission = Permissions.RedemptionInitiate)]
    [Api("Redemptions", Description = "Newest first. Whoever is not the merchant names the branch where they work.")]
    [Parameter("branch", typeof(string), "Only those at this branch.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<RedemptionView>), "Redemptions.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListRedemptions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "redemptions")] HttpRequest request,
        FunctionContext context)
    {
        string? branch = request.Query["branch"].ToString() is { Length: > 0 } text ? text : null;
        return new JsonAnswer(await redemptions.ListAsync(
            CurrentUser.Of(context), branch, PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken));
    }

    [Function(nameof(GetRedemption))]
    [Access(Permission = Permissions.RedemptionInitiate)]
    [Api("A redemption")]
    [Parameter("id", typeof(string), "The redemption.")]
    [Answers(StatusCodes.Status200OK, typeof(RedemptionView), "As it stands.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> GetRedemption(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "redemptions/{id}")] HttpRequest request,
        string id,
        FunctionContext context) =>
        new JsonAnswer(await redemptions.FindAsync(CurrentUser.Of(context), id, context.CancellationToken));

    [Function(nameof(ConfirmRedemption))]
    [Access(Permission = Permissions.RedemptionConfirm)]
    [Api(
        "Confirm a redemption",
        Description = "Pays the merchant. May be repeated: it is settled once. Answered with 202 while it takes longer.")]
    [Parameter("id", typeof(string), "The redemption.")]
    [Answers(StatusCodes.Status200OK, typeof(RedemptionView), "It is completed.")]
    [Answers(StatusCodes.Status202Accepted, typeof(RedemptionView), "It will be; look again.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.RedemptionOver), nameof(Problems.GiftCardNotGood))]
    public async Task<IActionResult> ConfirmRedemption(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "redemptions/{id}/confirm")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(client);
        CancellationToken cancellation = context.CancellationToken;
        CurrentUser user = CurrentUser.Of(context);
        RedemptionView confirmed = await redemptions.ConfirmAsync(user, id, cancellation);
        if (confirmed.State == RedemptionState.Settling)
        {
            await SettlementFunctions.StartAsync(client, new(user.TenantId, id), cancellation);
            await WaitAsync(client, id, cancellation);
            confirmed = await redemptions.FindAsync(user, id, cancellation);
        }

        return confirmed.State == RedemptionState.Cancelled
            ? throw Problems.GiftCardNotGood.With(confirmed.Failure ?? "The card is not good any more.")
            : new JsonAnswer(
                confirmed,
                confirmed.State == RedemptionState.Completed ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    [Function(nameof(CancelRedemption))]
    [Access(Permission = Permissions.RedemptionInitiate)]
    [Api("Call a redemption off", Description = "While nobody has confirmed it. The card can then be used again.")]
    [Parameter("id", typeof(string), "The redemption.")]
    [Answers(StatusCodes.Status200OK, typeof(RedemptionView), "It is cancelled.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.RedemptionOver))]
    public async Task<IActionResult> CancelRedemption(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "redemptions/{id}/cancel")] HttpRequest request,
        string id,
        FunctionContext context) =>
        new JsonAnswer(await redemptions.CancelAsync(CurrentUser.Of(context), id, context.CancellationToken));

    /// <summary>Waits for the settlement, but not for ever: it goes on also when nobody waits.</summary>
    private async Task WaitAsync(DurableTaskClient client, string id, CancellationToken cancellation)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(options.ConfirmSeconds), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await client.WaitForInstanceCompletionAsync(id, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return;
        }
    }
}
