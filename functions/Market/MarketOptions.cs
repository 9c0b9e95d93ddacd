using FinVault.Platform;
using Microsoft.Extensions.Configuration;

namespace FinVault.Market;

/// <summary>The market's numbers. Each is a setting <c>Market:Name</c> with this default.</summary>
public sealed record MarketOptions
{
    /// <summary>At most one message a group in this time (RT-05). 0 publishes with every batch.</summary>
    public int WindowMilliseconds { get; init; } = 100;

    /// <summary>
    /// A connection that looks at a list gets one message in this time, whatever changed. 0 packs nothing: a list is sent
    /// like single symbols, a message a symbol and window, for which Azure SignalR bills ten times as much and more.
    /// </summary>
    public int PackedMilliseconds { get; init; } = 500;

    /// <summary>A source that is silent for longer is stale; clients know within 5 seconds.</summary>
    public int StaleAfterSeconds { get; init; } = 3;

    /// <summary>A live source whose newest tick is older than this, in session, is delayed: its quotes are stale.</summary>
    public int DelayedAfterSeconds { get; init; } = 60;

    /// <summary>How long boards are cached in session and outside of it (MKT-09).</summary>
    public int CacheSecondsInSession { get; init; } = CacheLives.PriceInSessionSeconds;

    public int CacheSecondsOutOfSession { get; init; } = CacheLives.PriceOutOfSessionSeconds;

    /// <summary>Sources with this prefix play back a recording: their ticks are old by nature, not delayed.</summary>
    public string ReplaySource { get; init; } = "replay";

    public static MarketOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.GetSection("Market").Get<MarketOptions>() ?? new MarketOptions();
    }
}
