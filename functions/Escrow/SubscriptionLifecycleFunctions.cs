using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Escrow;

/// <summary>A subscription's life: one orchestration each, whose id is the subscription's.</summary>
public sealed class SubscriptionLifecycleFunctions(SubscriptionCharges charges, SubscriptionStore store)
{
    // A history that grows for years makes every replay slow.
    private const int StepsInOneHistory = 100;

    // How long the provider's event is waited for before the provider is asked.
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);

    /// <summary>For most of a day. One that fails nevertheless is begun anew by the timer.</summary>
    private static readonly TaskOptions Persistent = TaskOptions.FromRetryPolicy(
        new RetryPolicy(200, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromMinutes(5)));

    /// <summary>All decisions are in <see cref="SubscriptionRules"/>.</summary>
    [Function(nameof(PremiumSubscription))]
    public static async Task PremiumSubscription([OrchestrationTrigger] TaskOrchestrationContext context, string user)
    {
        ArgumentNullException.ThrowIfNull(context);
        for (int i = 0; i < StepsInOneHistory; i++)
        {
            SubscriptionStep next = await context.CallActivityAsync<SubscriptionStep>(
                nameof(NextSubscriptionStep), user, Persistent);
            context.SetCustomStatus(next.Action.ToString());
            if (next.Action == SubscriptionAction.End)
            {
                return;
            }

            await StepAsync(context, next);
        }

        context.ContinueAsNew(user);
    }

    [Function(nameof(NextSubscriptionStep))]
    public Task<SubscriptionStep> NextSubscriptionStep(
        [ActivityTrigger] string user, CancellationToken cancellationToken) =>
        charges.NextAsync(user, cancellationToken);

    [Function(nameof(BeginCharge))]
    public Task BeginCharge([ActivityTrigger] string user, CancellationToken cancellationToken) =>
        charges.BeginAsync(user, cancellationToken);

    [Function(nameof(MakeCharge))]
    public Task<bool> MakeCharge([ActivityTrigger] SubscriptionStep step, CancellationToken cancellationToken) =>
        charges.MakeAsync(step, cancellationToken);

    [Function(nameof(LapseSubscription))]
    public Task LapseSubscription([ActivityTrigger] string user, CancellationToken cancellationToken) =>
        charges.LapseAsync(user, cancellationToken);

    /// <summary>Begins orchestrations that never began, or that failed.</summary>
    [Function(nameof(RecoverSubscriptions))]
    public async Task RecoverSubscriptions(
        [TimerTrigger("35 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await foreach (SubscriptionDocument overdue in store.OverdueAsync(cancellationToken))
        {
            await SubscriptionSignals.TellAsync(client, overdue.Tenant, overdue.Subscription, cancellationToken);
        }
    }

    private static Task StepAsync(TaskOrchestrationContext context, SubscriptionStep next) => next.Action switch
    {
        SubscriptionAction.Wait => WaitAsync(context, next.Until!.Value.UtcDateTime),
        SubscriptionAction.Begin => context.CallActivityAsync(nameof(BeginCharge), next.User, Persistent),
        SubscriptionAction.Charge => ChargeAsync(context, next),
        SubscriptionAction.Lapse => context.CallActivityAsync(nameof(LapseSubscription), next.User, Persistent),
        _ => throw new InvalidOperationException($"There is no step {next.Action}."),
    };

    private static async Task ChargeAsync(TaskOrchestrationContext context, SubscriptionStep next)
    {
        if (!await context.CallActivityAsync<bool>(nameof(MakeCharge), next, Persistent))
        {
            await WaitAsync(context, context.CurrentUtcDateTime + Poll);
        }
    }

    private static async Task WaitAsync(TaskOrchestrationContext context, DateTime until)
    {
        using CancellationTokenSource wake = new();
        Task timer = context.CreateTimer(until, wake.Token);
        Task changed = context.WaitForExternalEvent<object>(SubscriptionSignals.Changed, wake.Token);
        await Task.WhenAny(timer, changed);

        // Here and now: what follows must run on the orchestrator's own thread.
#pragma warning disable CA1849
        wake.Cancel();
#pragma warning restore CA1849
    }
}

/// <summary>Tells a subscription's orchestration that something has changed, or begins it.</summary>
internal static class SubscriptionSignals
{
    public const string Changed = "Changed";

    public static async Task TellAsync(
        DurableTaskClient client, string user, string subscription, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? there = await client.GetInstanceAsync(subscription, cancellationToken);
        if (there is { IsCompleted: false })
        {
            await client.RaiseEventAsync(subscription, Changed, cancellation: cancellationToken);
            return;
        }

        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(SubscriptionLifecycleFunctions.PremiumSubscription), user,
                new StartOrchestrationOptions(subscription), cancellationToken);
        }
        catch (DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody else began it in this moment, which is as good.
            return;
        }
    }
}
