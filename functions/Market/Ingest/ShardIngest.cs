using Azure.Messaging.EventHubs;
using FinVault.Market.Live;
using FinVault.Market.Store;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Ingest;

/// <summary>
/// The ingest of one shard: keeps it in memory between batches, commits each batch once, and starts again from what is
/// stored whenever it cannot be sure. A batch returns only when it is committed, so the checkpoint behind it loses nothing.
/// </summary>
public sealed class ShardIngest(
    string shardId, ShardStore store, HistoryStore history, IReadOnlyList<ITickObserver> observers, TimeProvider time,
    ILogger<ShardIngest> logger)
    : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1, 1);
    private Shard? _shard;
    private ShardFold? _fold;
    private HistoryWriter? _writer;

    // The symbols of this batch and the numbers that clients hold of them. It outlives an attempt: a commit that failed
    // by its answer alone leaves nothing for the next attempt to change, and its quotes must still go out.
    private readonly Dictionary<string, long> _unpublished = [];

    /// <summary>Applies a batch and answers with the quotes that it changed, each with the number published before.</summary>
    public async Task<IReadOnlyList<Quote>> ApplyAsync(
        IReadOnlyList<EventData> events, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                try
                {
                    return await ApplyOnceAsync(events, cancellationToken);
                }
                catch (Exception failure) when (IsTransient(failure, cancellationToken))
                {
                    IngestLog.Retrying(logger, shardId, attempt, failure);
                    MarketTelemetry.CommitRetries.Add(1);
                    // The store recovers in its own time, whatever the app's clock says.
                    await Task.Delay(Pause(attempt), TimeProvider.System, cancellationToken);
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<IReadOnlyList<Quote>> ApplyOnceAsync(
        IReadOnlyList<EventData> events, CancellationToken cancellationToken)
    {
        Shard shard = await ShardAsync(cancellationToken);
        bool committed = false;
        try
        {
            _fold!.Apply(events);
            foreach (ITickObserver observer in observers)
            {
                await observer.SeeAsync(shardId, _fold.Accepted, _fold.ToRead, cancellationToken);
            }

            MarkPublished(_fold.Touched);
            double charge = await store.CommitAsync(shard, _fold.DeadTicks, cancellationToken);
            _fold.Committed();
            MarketTelemetry.Committed(_fold.Counted, events, charge, time);
            await _writer!.WriteAsync(_fold.StoreEverything, cancellationToken);
            committed = true;
            return TakeUnpublished(shard);
        }
        finally
        {
            if (!committed)
            {
                // What is in memory may be ahead of the store, or behind it: read it again.
                _shard = null;
            }
        }
    }

    private async Task<Shard> ShardAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            await _writer.SettleAsync(wait: _shard is null);
        }

        if (_shard is null || _writer is { HasLostShard: true })
        {
            _shard = null;
            foreach (ITickObserver observer in observers)
            {
                observer.Forget(shardId);
            }

            Shard loaded = await store.LoadAsync(shardId, cancellationToken);
            (_shard, _fold, _writer) = (loaded, new ShardFold(loaded, time), new HistoryWriter(loaded, history, logger));
            IngestLog.Loaded(logger, shardId, loaded.Symbols.Count);
        }

        return _shard;
    }

    private void MarkPublished(IReadOnlyCollection<BoardSymbol> touched)
    {
        foreach (BoardSymbol symbol in touched)
        {
            _unpublished.TryAdd(symbol.State.Symbol, symbol.State.Published);
            symbol.State.Published = symbol.State.Seq;
        }
    }

    private List<Quote> TakeUnpublished(Shard shard)
    {
        List<Quote> quotes = new(_unpublished.Count);
        foreach ((string name, long prev) in _unpublished)
        {
            if (shard.Find(name) is { State: var state } && state.Seq > prev)
            {
                quotes.Add(Quote.Of(state, prev));
            }
        }

        _unpublished.Clear();
        return quotes;
    }

    private static bool IsTransient(Exception failure, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && failure is CosmosException or HttpRequestException or OperationCanceledException or TimeoutException;

    private static TimeSpan Pause(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(20 * Math.Pow(2, attempt), LongestPause.TotalMilliseconds));
}
