using System.Collections.Concurrent;
using System.Net;
using FinVault.Market.Store;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Ingest;

/// <summary>
/// Stores the rings and bars of a shard behind its commits, beside the next batches: the board holds them until that has
/// succeeded, so a crash in between costs nothing.
/// </summary>
internal sealed class HistoryWriter(Shard shard, HistoryStore history, ILogger logger)
{
    private const int Parallelism = 8;

    private readonly ConcurrentBag<SymbolStorePlan> _done = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Another instance has stored symbols of this shard.</summary>
    public bool HasLostShard { get; private set; }

    /// <summary>After a commit: stores what is due.</summary>
    public async Task WriteAsync(bool everything, CancellationToken cancellationToken)
    {
        if (everything)
        {
            await SettleAsync(wait: true);
            Start(SymbolStorePlan.Of(shard, everything: true), cancellationToken);
            await SettleAsync(wait: true);
        }
        else if (_running.IsCompleted)
        {
            Start(SymbolStorePlan.Of(shard, everything: false), CancellationToken.None);
        }
    }

    /// <summary>Takes note of what has been stored meanwhile; waits for all of it when asked to.</summary>
    public async Task SettleAsync(bool wait)
    {
        if (wait)
        {
            await _running;
        }

        while (_done.TryTake(out SymbolStorePlan? plan))
        {
            plan.Complete();
        }
    }

    private void Start(List<SymbolStorePlan> plans, CancellationToken cancellationToken)
    {
        if (plans.Count > 0)
        {
            _running = Task.Run(() => StoreAsync(plans, cancellationToken), CancellationToken.None);
        }
    }

    private async Task StoreAsync(List<SymbolStorePlan> plans, CancellationToken cancellationToken)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(plans, options, async (plan, token) =>
            {
                await history.StoreAsync(plan, token);
                _done.Add(plan);
            });
        }
        catch (CosmosException lost) when (lost.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            HasLostShard = true;
            IngestLog.LostShard(logger, shard.Id, lost);
        }
        catch (Exception failure) when (failure is CosmosException or HttpRequestException or OperationCanceledException)
        {
            // Still on the board: the next batch tries again.
            IngestLog.HistoryNotStored(logger, shard.Id, failure);
        }
    }
}
