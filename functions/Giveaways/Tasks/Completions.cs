using FinVault.Giveaways.Draw;
using FinVault.Platform;

namespace FinVault.Giveaways;

/// <summary>What hosts and participants do with tasks.</summary>
public sealed class Completions(
    GiveawayStore giveaways, ParticipantStore participants, CompletionStore store, TimeProvider time)
{
    private const int MaxHandle = 100;

    /// <summary>Sets all tasks of a draft.</summary>
    /// <exception cref="ProblemException">unknown_giveaway, invalid_task, invalid_transition.</exception>
    public async Task<TaskPlan> SetTasksAsync(
        string tenant, string id, TaskPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Giveaway giveaway = await giveaways.ReadOwnAsync(tenant, id, cancellationToken);
        if (giveaway.Plan.Mode != DrawMode.Condition || plan.Tasks.Count > TaskList.MaxTasks)
        {
            throw Problems.InvalidTask.With($"Condition mode, and no other, has up to {TaskList.MaxTasks} tasks.");
        }

        if (plan.Tasks.Select(task => task.Fault()).FirstOrDefault(fault => fault is not null) is { } wrong)
        {
            throw Problems.InvalidTask.With(wrong);
        }

        GiveawayTask[] tasks =
            [.. plan.Tasks.Select(task => task with { Id = task.Id ?? Ids.New(GiveawayTask.Prefix, time) })];
        if (tasks.DistinctBy(task => task.Id).Count() != tasks.Length)
        {
            throw Problems.InvalidTask.With("Two tasks have the same id.");
        }

        giveaways.Forget(id);
        return await store.SetTasksAsync(new(id, tasks), cancellationToken)
            ? new TaskPlan(tasks)
            : throw Problems.InvalidTransition.With("Tasks are fixed once a giveaway is scheduled.");
    }

    /// <summary>A participant says to have done a task.</summary>
    /// <exception cref="ProblemException">
    /// unknown_giveaway, invalid_participant, unknown_task, giveaway_not_open, invalid_completion, handle_taken.
    /// </exception>
    public async Task<Completion> SubmitAsync(
        string id, string taskId, ParticipantToken token, CompletionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Giveaway giveaway = await giveaways.ReadPublicAsync(id, cancellationToken);
        Participant own = await participants.ReadAsync(id, token, cancellationToken);
        TaskList tasks = await store.TasksAsync(id, cancellationToken);
        GiveawayTask task = tasks.Tasks.FirstOrDefault(one => one.Id == taskId)
            ?? throw Problems.UnknownTask.With($"There is no task {taskId}.");
        DateTimeOffset now = time.GetUtcNow();
        if (giveaway.State != GiveawayState.Active || !giveaway.TakesEntries(now))
        {
            throw Problems.GiveawayNotOpen.With("Tasks count while the giveaway runs.");
        }

        string handle = request.Handle.Trim().TrimStart('@');
        if (handle.Length is 0 or > MaxHandle || handle.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            throw Problems.InvalidCompletion.With($"A handle has 1 to {MaxHandle} characters and no spaces.");
        }

        Completion wanted = new(
            Completion.IdOf(own.Id, taskId), id, own.Id, taskId, handle, task.Points, CompletionState.Waiting, now, 1,
            Correlation.Current);
        (bool isOwn, Completion completion) = await store.SubmitAsync(wanted, task.Network, cancellationToken);
        return isOwn ? completion : throw Problems.HandleTaken.With("Somebody else takes part with this account.");
    }

    /// <summary>A participant's completions.</summary>
    /// <exception cref="ProblemException">unknown_giveaway, invalid_participant.</exception>
    public async Task<IReadOnlyList<CompletionView>> OwnAsync(
        string id, ParticipantToken token, CancellationToken cancellationToken)
    {
        await giveaways.ReadPublicAsync(id, cancellationToken);
        Participant own = await participants.ReadAsync(id, token, cancellationToken);
        return [.. (await store.OfAsync(id, own.Id, cancellationToken)).OrderBy(one => one.At).Select(CompletionView.Of)];
    }

    /// <summary>A host takes a completion away, before the entries are closed.</summary>
    /// <exception cref="ProblemException">unknown_giveaway, unknown_completion, invalid_transition, invalid_request.</exception>
    public async Task<Completion> InvalidateAsync(
        string tenant, string id, string completion, string reason, CancellationToken cancellationToken)
    {
        Giveaway giveaway = await giveaways.ReadOwnAsync(tenant, id, cancellationToken);
        if (reason.Trim().Length is < 3 or > 300)
        {
            throw Problems.InvalidRequest.With("A reason has 3 to 300 characters.");
        }

        for (int tries = 0; tries < GiveawayDocuments.MaxTries; tries++)
        {
            Completion? there = completion.StartsWith("completion:", StringComparison.Ordinal) && completion.Length < 200
                && completion.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_')
                ? await store.FindAsync(id, completion, cancellationToken)
                : null;
            if (there is null or { State: CompletionState.Invalidated })
            {
                return there ?? throw Problems.UnknownCompletion.With($"There is no completion {completion}.");
            }

            if (giveaway.Draw is { State: not DrawState.Committed })
            {
                throw Problems.InvalidTransition.With("The entries are closed; winners are checked again by themselves.");
            }

            Completion after = there with
            {
                State = CompletionState.Invalidated, Reason = reason.Trim(), DecidedAt = time.GetUtcNow(),
            };
            if (await store.DecideAsync(there, after, cancellationToken))
            {
                return after;
            }
        }

        throw new TimeoutException($"{completion} changes all the time.");
    }
}
