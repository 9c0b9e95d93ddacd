using FinVault.Market.Ingest;
using FinVault.Market.Read;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Live;

/// <summary>Has whoever ingests a partition tell its share of those who look. The orders come through the ticks hub.</summary>
public sealed partial class RoundOrders(
    BoardReader boards, TicksHub hub, IEnumerable<ShareRounds> rounds, ILogger<RoundOrders> logger)
{
    private readonly ShareRounds[] _rounds = [.. rounds];

    /// <summary>Orders rounds of every share while anything moves and anybody looks. For one instance, each second; never throws.</summary>
    public async Task OrderAsync(CancellationToken cancellationToken)
    {
        try
        {
            if ((await boards.ReadAsync(cancellationToken)).Moves
                && (await Task.WhenAll(_rounds.Select(one => one.AnyAsync(cancellationToken)))).Any(any => any))
            {
                await Task.WhenAll((await hub.PartitionIdsAsync(cancellationToken)).Select(
                    id => hub.SendAsync(id, [TickEvents.Order(TickEvents.PackOrder)], cancellationToken)));
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotOrdered(logger, failure);
        }
    }

    /// <summary>An order has come to this instance.</summary>
    public void Ordered(string shardId)
    {
        foreach (ShareRounds one in _rounds)
        {
            one.Ordered(shardId);
        }
    }

    [LoggerMessage(1104, LogLevel.Warning, "Rounds were not ordered; the next second orders them again.")]
    private static partial void NotOrdered(ILogger logger, Exception failure);
}
