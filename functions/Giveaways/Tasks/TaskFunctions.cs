using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FinVault.Giveaways;

/// <summary>Tasks of condition mode: hosts set them, participants do them, networks confirm them.</summary>
public sealed class TaskFunctions(
    Completions completions, CompletionStore store, GiveawayStore giveaways, Ranking ranking, PublicCallLimits limits)
{
    private const string Why = "Participants show a token of their own.";
    private const int MaxBodyBytes = 64 * 1024;
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(SetTasks))]
    [Access(Roles.Host)]
    [Api("Set a draft's tasks", Description = "All of them, in order. They and their points are fixed from scheduling on.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Body(typeof(TaskPlan))]
    [Answers(StatusCodes.Status200OK, typeof(TaskPlan), "The tasks with their ids.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidTask), nameof(Problems.InvalidTransition))]
    public async Task<IActionResult> SetTasks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "giveaways/{id}/tasks")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        TaskPlan plan = await request.ReadJsonAsync<TaskPlan>(MaxBodyBytes, context.CancellationToken);
        string tenant = CurrentUser.Of(context).TenantId;
        return new JsonAnswer(await completions.SetTasksAsync(tenant, id, plan, context.CancellationToken));
    }

    [Function(nameof(GetTasks))]
    [Access(Roles.Host)]
    [Api("A giveaway's tasks", Description = "For its host, also while it is a draft that nobody else sees.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(TaskPlan), "Tasks, in order.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> GetTasks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "giveaways/{id}/tasks")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        await giveaways.ReadOwnAsync(CurrentUser.Of(context).TenantId, id, context.CancellationToken);
        return new JsonAnswer(new TaskPlan((await store.TasksAsync(id, context.CancellationToken)).Tasks));
    }

    [Function(nameof(ListCompletions))]
    [Access(Roles.Host)]
    [Api("Who has done what", Description = "With fraud scores from 0 to 100, and the job that verifies each.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<Completion>), "Completions.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> ListCompletions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "giveaways/{id}/completions")] HttpRequest request,
        string id,
        FunctionContext context)
    {
        await giveaways.ReadOwnAsync(CurrentUser.Of(context).TenantId, id, context.CancellationToken);
        PageRequest page = PageRequest.From(request, DefaultPage, MaxPage);
        return new JsonAnswer(await store.ListAsync(id, page, context.CancellationToken));
    }

    [Function(nameof(InvalidateCompletion))]
    [Access(Roles.Host)]
    [Api("Take a completion away", Description = "For good, with a reason that the participant reads; until the close.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Parameter("completion", typeof(string), "The completion.")]
    [Body(typeof(Invalidation))]
    [Answers(StatusCodes.Status200OK, typeof(Completion), "The completion as it is now.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.UnknownCompletion), nameof(Problems.InvalidRequest),
        nameof(Problems.InvalidTransition))]
    public async Task<IActionResult> InvalidateCompletion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "giveaways/{id}/completions/{completion}/invalidate")]
        HttpRequest request,
        string id,
        string completion,
        FunctionContext context)
    {
        Invalidation wanted = await request.ReadJsonAsync<Invalidation>(MaxBodyBytes, context.CancellationToken);
        return new JsonAnswer(await completions.InvalidateAsync(
            CurrentUser.Of(context).TenantId, id, completion, wanted.Reason, context.CancellationToken));
    }

    [Function(nameof(ListTasks))]
    [Public(Why)]
    [Api("What there is to do", Description = "Winners have the most points; of equal points, who had them first.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(TaskPlan), "Tasks, in order.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> ListTasks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/tasks")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        await giveaways.ReadPublicAsync(id, cancellationToken);
        return new JsonAnswer(new TaskPlan((await store.TasksAsync(id, cancellationToken)).Tasks));
    }

    [Function(nameof(ListRanking))]
    [Public(Why)]
    [Api("Who is ahead", Description = "Those with points, the most first; names are masked.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<RankedEntry>), "Ranks, points, and when they were reached.")]
    [Fails(nameof(Problems.UnknownGiveaway))]
    public async Task<IActionResult> ListRanking(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/ranking")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) => new JsonAnswer(
            await ranking.ReadAsync(id, PageRequest.From(request, DefaultPage, MaxPage), cancellationToken));

    [Function(nameof(CompleteTask))]
    [Public(Why)]
    [Api("Say that a task is done", Description = "The network is asked in the background; see how far it is among one's completions. "
        + "One that failed may be sent again.")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Parameter("task", typeof(string), "The task.")]
    [Body(typeof(CompletionRequest))]
    [Answers(StatusCodes.Status202Accepted, typeof(CompletionView), "It is being verified, or was before.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidParticipant), nameof(Problems.UnknownTask),
        nameof(Problems.GiveawayNotOpen), nameof(Problems.InvalidCompletion), nameof(Problems.HandleTaken),
        nameof(Problems.RateLimited))]
    public async Task<IActionResult> CompleteTask(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "public/giveaways/{id}/tasks/{task}/completions")]
        HttpRequest request,
        string id,
        string task,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await limits.TakeAsync(id, request, cancellationToken);
        ParticipantToken token = ParticipantToken.Of(request);
        CompletionRequest wanted = await request.ReadJsonAsync<CompletionRequest>(MaxBodyBytes, cancellationToken);
        Completion completion = await completions.SubmitAsync(id, task, token, wanted, cancellationToken);
        if (completion.State == CompletionState.Waiting)
        {
            await VerificationFunctions.StartAsync(client, completion, cancellationToken);
        }

        return new JsonAnswer(CompletionView.Of(completion), StatusCodes.Status202Accepted);
    }

    [Function(nameof(ListOwnCompletions))]
    [Public(Why)]
    [Api("One's own completions")]
    [Parameter("id", typeof(string), "The giveaway.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<CompletionView>), "In the order in which they were sent.")]
    [Fails(nameof(Problems.UnknownGiveaway), nameof(Problems.InvalidParticipant))]
    public async Task<IActionResult> ListOwnCompletions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "public/giveaways/{id}/completions")]
        HttpRequest request,
        string id,
        CancellationToken cancellationToken) => new JsonAnswer(new Page<CompletionView>(
            await completions.OwnAsync(id, ParticipantToken.Of(request), cancellationToken)));
}
