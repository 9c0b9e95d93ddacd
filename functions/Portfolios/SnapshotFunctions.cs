using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Portfolios;

/// <summary>A day's run over all accounts, and how far it has come.</summary>
/// <param name="Day">The trading day that has ended.</param>
/// <param name="After">The last account that was looked at.</param>
public sealed record SnapshotRun(DateOnly Day, string After);

/// <summary>Accounts that one activity does.</summary>
public sealed record SnapshotBatch(DateOnly Day, IReadOnlyList<string> Accounts);

/// <summary>
/// Snapshots at the exchange's close (JOB-13, PF-06): every few minutes a look for accounts whose snapshots do not reach
/// the last trading day that is over. That is all of them after a close, those of missed days after an outage, and any
/// of which something was recorded for a day long past, or that had something whose close, or whose
/// currency's rate, has changed since. A day has one orchestration.
/// </summary>
public sealed class SnapshotFunctions(
    Snapshots snapshots, SnapshotStore store, SnapshotCalendar calendar, LateCloses late, LateRates rates)
{
    private const int PageSize = 400;
    private const int BatchSize = 20;
    private const int BatchesAtOnce = 5;
    private const int PagesInOneHistory = 5;

    private static readonly TaskOptions Tries = TaskOptions.FromRetryPolicy(
        new RetryPolicy(10, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(2)));

    [Function(nameof(StartSnapshots))]
    public async Task StartSnapshots(
        [TimerTrigger("40 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await late.ApplyAsync(cancellationToken);
        await rates.ApplyAsync(cancellationToken);
        DateOnly day = calendar.LastClosed();
        if ((await store.DueAsync(day, "", 1, cancellationToken)).Count > 0)
        {
            await StartAsync(client, day, cancellationToken);
        }
    }

    /// <summary>The instance id is the day's.</summary>
    [Function(nameof(TakeSnapshots))]
    public static async Task TakeSnapshots([OrchestrationTrigger] TaskOrchestrationContext context, SnapshotRun run)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(run);
        for (int page = 0; page < PagesInOneHistory; page++)
        {
            IReadOnlyList<string> accounts =
                await context.CallActivityAsync<IReadOnlyList<string>>(nameof(FindDueAccounts), run, Tries);
            foreach (string[][] wave in accounts.Chunk(BatchSize).Chunk(BatchesAtOnce))
            {
                await Task.WhenAll(wave.Select(batch => context.CallActivityAsync<int>(
                    nameof(MakeSnapshots), new SnapshotBatch(run.Day, batch), Tries)));
            }

            if (accounts.Count < PageSize)
            {
                return;
            }

            run = run with { After = accounts[^1] };
        }

        context.ContinueAsNew(run);
    }

    [Function(nameof(FindDueAccounts))]
    public Task<IReadOnlyList<string>> FindDueAccounts(
        [ActivityTrigger] SnapshotRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return store.DueAsync(run.Day, run.After, PageSize, cancellationToken);
    }

    [Function(nameof(MakeSnapshots))]
    public Task<int> MakeSnapshots([ActivityTrigger] SnapshotBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return snapshots.MakeAsync(batch.Day, batch.Accounts, cancellationToken);
    }

    /// <summary>Begins a day's run unless it runs; one that has ended begins anew, under the same id.</summary>
    internal static async Task StartAsync(DurableTaskClient client, DateOnly day, CancellationToken cancellationToken)
    {
        string instance = InstanceOf(day);
        if (await client.GetInstanceAsync(instance, cancellationToken) is { IsCompleted: false })
        {
            return;
        }

        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(TakeSnapshots), new SnapshotRun(day, ""), new StartOrchestrationOptions(instance), cancellationToken);
        }
        catch (DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException)
            when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody else began it in this moment, which is as good.
            return;
        }
    }

    internal static string InstanceOf(DateOnly day) => $"SNAPSHOTS-{SnapshotDocument.IdOf(day)}";
}
