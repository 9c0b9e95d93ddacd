using FinVault.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Giveaways;

/// <summary>A giveaway's life, from the first try to fund it to the last prize that is claimed or given back.</summary>
public sealed class LifecycleFunctions(LifecycleSteps steps, GiveawayStore giveaways, TimeProvider time)
{
    // A history that grows for months makes every replay slow.
    private const int StepsInOneHistory = 100;

    private static readonly TimeSpan BeaconPoll = TimeSpan.FromSeconds(3);

    // Long enough that whoever made the change has told the lifecycle, if it still lives.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    /// <summary>The instance id is the giveaway's. All decisions are in <see cref="LifecycleRules"/>.</summary>
    [Function(nameof(GiveawayLifecycle))]
    public static async Task GiveawayLifecycle([OrchestrationTrigger] TaskOrchestrationContext context, string giveaway)
    {
        ArgumentNullException.ThrowIfNull(context);
        for (int step = 0; step < StepsInOneHistory; step++)
        {
            LifecycleStep next = await context.CallActivityAsync<LifecycleStep>(
                nameof(NextLifecycleStep), giveaway, Retries.Undo);
            context.SetCustomStatus(next.Action.ToString());
            if (next.Action == LifecycleAction.End)
            {
                return;
            }

            await StepAsync(context, giveaway, next);
        }

        context.ContinueAsNew(giveaway);
    }

    [Function(nameof(NextLifecycleStep))]
    public Task<LifecycleStep> NextLifecycleStep(
        [ActivityTrigger] string giveaway, CancellationToken cancellationToken) =>
        steps.NextAsync(giveaway, cancellationToken);

    [Function(nameof(StartGiveaway))]
    public Task StartGiveaway([ActivityTrigger] string giveaway, CancellationToken cancellationToken) =>
        steps.StartAsync(giveaway, cancellationToken);

    [Function(nameof(CloseGiveaway))]
    public Task CloseGiveaway([ActivityTrigger] string giveaway, CancellationToken cancellationToken) =>
        steps.CloseAsync(giveaway, cancellationToken);

    [Function(nameof(SealEntries))]
    public Task SealEntries([ActivityTrigger] string giveaway, CancellationToken cancellationToken) =>
        steps.SealAsync(giveaway, cancellationToken);

    [Function(nameof(RevealDraw))]
    public Task<bool> RevealDraw([ActivityTrigger] string giveaway, CancellationToken cancellationToken) =>
        steps.RevealAsync(giveaway, cancellationToken);

    /// <summary>Tells lifecycles what whoever changed a giveaway died before telling.</summary>
    [Function(nameof(TellLifecycles))]
    public async Task TellLifecycles(
        [TimerTrigger("45 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - Forgotten;
        await foreach (Giveaway giveaway in giveaways.NudgedAsync(before, cancellationToken))
        {
            await LifecycleSignals.TellAsync(client, giveaway, cancellationToken);
        }
    }

    private static Task StepAsync(TaskOrchestrationContext context, string giveaway, LifecycleStep next) =>
        next.Action switch
        {
            LifecycleAction.Wait => WaitAsync(context, next.Until!.Value),
            LifecycleAction.Fund => FundAsync(context, new(giveaway, next.Number)),
            LifecycleAction.Start => context.CallActivityAsync(nameof(StartGiveaway), giveaway, Retries.Undo),
            LifecycleAction.Close => context.CallActivityAsync(nameof(CloseGiveaway), giveaway, Retries.Undo),
            LifecycleAction.Seal => context.CallActivityAsync(nameof(SealEntries), giveaway, Retries.Undo),
            LifecycleAction.Reveal => RevealAsync(context, giveaway),
            LifecycleAction.Settle => context.CallSubOrchestratorAsync(
                nameof(SettlementFunctions.FinaliseGiveaway), giveaway,
                new SubOrchestrationOptions(instanceId: $"{giveaway}-FINAL")),
            LifecycleAction.Reclaim => context.CallSubOrchestratorAsync(
                nameof(ClaimFunctions.ReclaimPrizes), new ClaimRound(giveaway, next.Number),
                new SubOrchestrationOptions(instanceId: $"{giveaway}-CLAIMS-{next.Number}")),
            _ => throw new InvalidOperationException($"There is no step {next.Action}."),
        };

    private static async Task WaitAsync(TaskOrchestrationContext context, DateTimeOffset until)
    {
        using CancellationTokenSource wake = new();
        Task timer = context.CreateTimer(until.UtcDateTime, wake.Token);
        Task changed = context.WaitForExternalEvent<object>(LifecycleSignals.Changed, wake.Token);
        await Task.WhenAny(timer, changed);

        // Whichever is left must not take the next event, nor keep the instance awake. Here and now: what follows
        // must run on the orchestrator's own thread.
#pragma warning disable CA1849
        wake.Cancel();
#pragma warning restore CA1849
    }

    private static async Task FundAsync(TaskOrchestrationContext context, FundingRun run)
    {
        try
        {
            await context.CallSubOrchestratorAsync(
                nameof(FundingFunctions.FundGiveaway), run,
                new SubOrchestrationOptions(instanceId: $"{run.Giveaway}-FUND-{run.Run}"));
        }
        catch (TaskFailedException)
        {
            // It left nothing behind and said why on the giveaway, which is a draft again.
            context.SetCustomStatus("FundingFailed");
        }
    }

    private static async Task RevealAsync(TaskOrchestrationContext context, string giveaway)
    {
        if (!await context.CallActivityAsync<bool>(nameof(RevealDraw), giveaway, Retries.Undo))
        {
            await context.CreateTimer(BeaconPoll, CancellationToken.None);
        }
    }
}
