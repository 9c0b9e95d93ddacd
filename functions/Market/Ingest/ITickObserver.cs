using FinVault.Market.Store;

namespace FinVault.Market.Ingest;

/// <summary>A tick that became its symbol's quote; not one that was late, out of order or seen before.</summary>
/// <param name="Symbol">Its place; the batch of the tick is applied to it already.</param>
/// <param name="Seq">The tick's number: the same however often its batch is delivered until it is committed.</param>
/// <param name="Price">Last traded price.</param>
/// <param name="EventTime">When the exchange says that it was made, microseconds since the Unix epoch.</param>
/// <param name="SeenAt">When FinVault took it, the same unit.</param>
/// <param name="Source">The feed that gave it.</param>
public readonly record struct AcceptedTick(
    BoardSymbol Symbol, long Seq, decimal Price, long EventTime, long SeenAt, string Source);

/// <summary>
/// Sees the accepted ticks of a shard before they are committed. What it has stored when it returns is stored before the
/// board, and so before the checkpoint: a process that dies in between is given the same ticks again, with the same
/// numbers. So each tick is seen at least once, and whoever writes because of one does it under a condition.
/// </summary>
public interface ITickObserver
{
    /// <summary>Sees the ticks of a batch. A failure holds the batch until it has passed.</summary>
    /// <param name="shardId">The shard; it calls one batch after the other.</param>
    /// <param name="ticks">In order; not to be kept.</param>
    /// <param name="toRead">Symbols of which what waits on them has changed (<see cref="TickEvents.Read"/>).</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SeeAsync(
        string shardId, IReadOnlyList<AcceptedTick> ticks, IReadOnlyCollection<string> toRead,
        CancellationToken cancellationToken);

    /// <summary>What was seen of a shard may not have been committed: it begins again from what is stored.</summary>
    void Forget(string shardId);
}
