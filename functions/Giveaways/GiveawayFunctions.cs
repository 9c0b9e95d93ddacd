using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FinVault.Giveaways;

/// <summary>A host's giveaways, from the draft to the end. Another tenant's do not exist.</summary>
public sealed class GiveawayFunctions(
    GiveawayStore store, GiveawayDesk desk, GiveawayDashboard dashboard, ParticipantStore participants,
    PrizeStore prizes, TimeProvider time)
{
    private const int MaxBodyBytes = 1024 * 1024;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(CreateGiveaway))]
    [Access(Roles.Host)]
    [Api("Draft a giveaway", Description = "Nothing is reserved and nobody sees it before it is scheduled.")]
    [Body(typeof(GiveawayPlan))]
    [Answers(StatusCodes.Status201Created, typeof(GiveawayView), "The draft.")]
    [Fails(nameof(Problems.InvalidGiveaway), nameof(Problems.TooManyGiveaways))]
    public async Task<IActionResult> CreateGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "giveaways")] HttpRequest request,
        FunctionContext context)
    {
        GiveawayPlan plan = await request.ReadJsonAsync<GiveawayPlan>(MaxBodyBytes, context.CancellationToken);
        Giveaway draft = await desk.CreateAsync(CurrentUser.Of(context), plan, context.CancellationToken);
        return new JsonAnswer(GiveawayView.Of(draft, time.GetUtcNow()), StatusCodes.Status201Created);
    }

    [Function(nameof(ListGiveaways))]
    [Access(Roles.Host)]
    [Api("The tenant's giveaways", Description = "Newest first.")]
    [Parameter("state", typeof(string), "Only those in this state.",
        Values = ["draft", "scheduled", "active", "drawing", "past", "cancelled"])]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<GiveawayView>), "Giveaways.")]
    [Fails(nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> ListGiveaways(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "giveaways")] HttpRequest request,
        FunctionContext context)
    {
        Page<Giveaway> page = await store.ListAsync(
            CurrentUser.Of(context).TenantId, request.Choice<GiveawayState>("state"),
            PageRequest.From(request, DefaultPage, MaxPage), context.CancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return new JsonAnswer(
            new Page<GiveawayView>([.. page.Data.Select(one => GiveawayView.Of(one, now))], page.NextCursor));
    }

    [Function(nameof(GetGiveaway))]
    [Access(Roles.Host)]
    [Api("A giveaway")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(GiveawayView), "The giveaway.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> GetGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "giveaways/{id}")] HttpRequest request,
        string id,
        FunctionContext context) => Answer(await OwnAsync(id, context));

    [Function(nameof(EditGiveaway))]
    [Access(Roles.Host)]
    [Api("Change a draft", Description = "The whole plan anew, naming the revision that it changes.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Body(typeof(GiveawayEdit))]
    [Answers(StatusCodes.Status200OK, typeof(GiveawayView), "The draft as it is now.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidGiveaway), nameof(Problems.InvalidTransition),
        nameof(Problems.ChangedMeanwhile))]
    public async Task<IActionResult> EditGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "giveaways/{id}")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        GiveawayEdit edit = await request.ReadJsonAsync<GiveawayEdit>(MaxBodyBytes, context.CancellationToken);
        Giveaway own = await OwnAsync(id, context);
        return Answer(await desk.EditAsync(own, edit, context.CancellationToken));
    }

    [Function(nameof(DeleteGiveaway))]
    [Access(Roles.Host)]
    [Api("Remove a draft", Description = "Only a draft can be removed; anything else stays for the record.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status204NoContent, null, "It is gone.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidTransition))]
    public async Task<IActionResult> DeleteGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "giveaways/{id}")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        await desk.DeleteAsync(await OwnAsync(id, context), context.CancellationToken);
        return new NoContentResult();
    }

    [Function(nameof(ScheduleGiveaway))]
    [Access(Roles.Host)]
    [Api("Reserve every prize and schedule",
        Description = "Begins; ask for the giveaway until its funding is done, or failed and nothing is left of it.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status202Accepted, typeof(GiveawayView), "Its prizes are being reserved.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidTransition), nameof(Problems.InvalidGiveaway),
        nameof(Problems.InsufficientFunds), nameof(Problems.TooManyGiveaways))]
    public async Task<IActionResult> ScheduleGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "giveaways/{id}/schedule")] HttpRequest request,
        string id,
        FunctionContext context,
        [DurableClient] DurableTaskClient client)
    {
        Giveaway funding = await desk.BeginFundingAsync(await OwnAsync(id, context), context.CancellationToken);
        await LifecycleSignals.TellAsync(client, funding, context.CancellationToken);
        return new JsonAnswer(GiveawayView.Of(funding, time.GetUtcNow()), StatusCodes.Status202Accepted);
    }

    [Function(nameof(RescheduleGiveaway))]
    [Access(Roles.Host)]
    [Api("Move start and end", Description = "While it is scheduled. Its draw is committed to anew.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Body(typeof(Rescheduling))]
    [Answers(StatusCodes.Status200OK, typeof(GiveawayView), "The giveaway as it is now.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidTransition), nameof(Problems.InvalidGiveaway))]
    public async Task<IActionResult> RescheduleGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "giveaways/{id}/reschedule")] HttpRequest request,
        string id,
        FunctionContext context,
        [DurableClient] DurableTaskClient client)
    {
        Rescheduling times = await request.ReadJsonAsync<Rescheduling>(MaxBodyBytes, context.CancellationToken);
        Giveaway own = await OwnAsync(id, context);
        return await ToldAsync(await desk.RescheduleAsync(own, times, context.CancellationToken), client, context);
    }

    [Function(nameof(PauseGiveaway))]
    [Access(Roles.Host)]
    [Api("Hold it", Description = "Nobody registers or tries while it is held. Its end stays where it is.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(GiveawayView), "The giveaway as it is now.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidTransition))]
    public async Task<IActionResult> PauseGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "giveaways/{id}/pause")] HttpRequest request,
        string id,
        FunctionContext context,
        [DurableClient] DurableTaskClient client) => await ToldAsync(
            await desk.ChangeAsync(await OwnAsync(id, context), GiveawayChanges.Pause, context.CancellationToken),
            client, context);

    [Function(nameof(ResumeGiveaway))]
    [Access(Roles.Host)]
    [Api("Let it go on")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(GiveawayView), "The giveaway as it is now.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidTransition))]
    public async Task<IActionResult> ResumeGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "giveaways/{id}/resume")] HttpRequest request,
        string id,
        FunctionContext context,
        [DurableClient] DurableTaskClient client) => await ToldAsync(
            await desk.ChangeAsync(await OwnAsync(id, context), GiveawayChanges.Resume, context.CancellationToken),
            client, context);

    [Function(nameof(CancelGiveaway))]
    [Access(Roles.Host)]
    [Api("Call it off",
        Description = "Everything that nobody has won goes back to the wallet. Who has won already keeps the prize.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Body(typeof(Cancellation))]
    [Answers(StatusCodes.Status200OK, typeof(GiveawayView), "The giveaway as it is now.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidTransition), nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> CancelGiveaway(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "giveaways/{id}/cancel")] HttpRequest request,
        string id,
        FunctionContext context,
        [DurableClient] DurableTaskClient client)
    {
        Cancellation why = await request.ReadJsonAsync<Cancellation>(MaxBodyBytes, context.CancellationToken);
        Giveaway own = await OwnAsync(id, context);
        return await ToldAsync(await desk.CancelAsync(own, why.Reason, context.CancellationToken), client, context);
    }

    [Function(nameof(GetGiveawayDashboard))]
    [Access(Roles.Host)]
    [Api("A giveaway in figures", Description = "At most a few seconds old.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(DashboardView), "Entries, attempts, winners, claims and value.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> GetGiveawayDashboard(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "giveaways/{id}/dashboard")] HttpRequest request,
        string id,
        FunctionContext context) =>
        new JsonAnswer(await dashboard.ReadAsync(await OwnAsync(id, context), context.CancellationToken));

    [Function(nameof(ListGiveawayPrizes))]
    [Access(Roles.Host)]
    [Api("Every prize of a giveaway", Description = "With its escrow, its winner and its claim; from scheduling on.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<Prize>), "Prizes, in the plan's order.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> ListGiveawayPrizes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "giveaways/{id}/prizes")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        Giveaway own = await OwnAsync(id, context);
        return new JsonAnswer(new Page<Prize>(await prizes.AllAsync(own.Id, context.CancellationToken)));
    }

    [Function(nameof(ListGiveawayParticipants))]
    [Access(Roles.Host)]
    [Api("Who takes part", Description = "In the order of registration.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<ParticipantRow>), "Participants.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> ListGiveawayParticipants(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "giveaways/{id}/participants")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        Giveaway own = await OwnAsync(id, context);
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        Page<Participant> rows = await participants.ListAsync(own.Id, page, context.CancellationToken);
        return new JsonAnswer(new Page<ParticipantRow>([.. rows.Data.Select(ParticipantRow.Of)], rows.NextCursor));
    }

    private Task<Giveaway> OwnAsync(string id, FunctionContext context) =>
        store.ReadOwnAsync(CurrentUser.Of(context).TenantId, id, context.CancellationToken);

    private JsonAnswer Answer(Giveaway giveaway) => new(GiveawayView.Of(giveaway, time.GetUtcNow()));

    private async Task<IActionResult> ToldAsync(Giveaway changed, DurableTaskClient client, FunctionContext context)
    {
        await LifecycleSignals.TellAsync(client, changed, context.CancellationToken);
        return Answer(changed);
    }
}
