namespace FinVault.Platform;

/// <summary>
/// How long what is kept may be read (CACHE-12), all in one place. Prices have settings
/// (<c>Market__CacheSecondsInSession</c>, <c>…OutOfSession</c>) whose defaults stand here.
/// </summary>
public static class CacheLives
{
    public const int PriceInSessionSeconds = 1;

    public const int PriceOutOfSessionSeconds = 3600;

    public static readonly TimeSpan FxRate = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan TaxLoss = TimeSpan.FromHours(1);

    public static readonly TimeSpan RealtimePerformance = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Recommendations = TimeSpan.FromHours(24);

    /// <summary>Whole answers of public reads (CACHE-07).</summary>
    public static readonly TimeSpan ApiAnswer = TimeSpan.FromSeconds(30);

    /// <summary>Figures of what is over. Nothing invalidates them (CACHE-05).</summary>
    public static readonly TimeSpan Analytics = TimeSpan.FromHours(1);

    /// <summary>An offer to link two ways to sign in.</summary>
    public static readonly TimeSpan LinkToken = TimeSpan.FromMinutes(10);

    /// <summary>The hash of a token that was signed out.</summary>
    public static readonly TimeSpan DeniedToken = TimeSpan.FromHours(24);

    /// <summary>
    /// A wallet's balance and pages (ESC-21): this process hears of its own changes at once, of another's after this.
    /// </summary>
    public static readonly TimeSpan Wallet = TimeSpan.FromSeconds(5);
}
