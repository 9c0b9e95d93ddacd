using FinVault.Market.Calendar;
using FinVault.Market.Store;

namespace FinVault.Market.Read;

/// <summary>For how long a shard that was just read is sure to stand still.</summary>
internal static class BoardRest
{
    private const long HeardLatelyMicros = 60 * Micros.PerSecond;

    // Whose symbols are not known yet: any may send its first tick at any moment, to another instance too. Here it is seen
    // at once; every instance looks each second, and is not to read all that is empty each time.
    private static readonly TimeSpan Empty = TimeSpan.FromSeconds(5);

    /// <summary>Zero while a feed is heard or an exchange of the shard is in session; else until the next may be.</summary>
    public static TimeSpan Of(Shard shard, long now)
    {
        if (shard.Boards.Exists(b => b.Sources.Values.Any(s => now - s.HeardAt < HeardLatelyMicros)))
        {
            return TimeSpan.Zero;
        }

        Exchange[] exchanges = [.. shard.Symbols.Select(s => s.State.Exchange).Distinct()];
        if (exchanges.Length == 0)
        {
            return Empty;
        }

        return exchanges.Min(exchange => exchange.DayOf(now).ClosedFor(now));
    }
}
