using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>A rate of this moment, or the last there is.</summary>
/// <param name="From">ISO 4217.</param>
/// <param name="To">ISO 4217.</param>
/// <param name="Rate">Units of <paramref name="To"/> for one of <paramref name="From"/>.</param>
/// <param name="AsOf">When it was made.</param>
/// <param name="Stale">True when it must not be taken for the current one.</param>
/// <param name="Source">Who says so; <c>daily</c> for the last daily rate.</param>
public sealed record LiveRate(string From, string To, decimal Rate, DateTimeOffset AsOf, bool Stale, string Source);

/// <summary>
/// Rates between any two currencies, crossed over the euro: of a past day from the stored daily rates, of this moment
/// from the live source, cached five minutes (CACHE-12); without that, the last daily one.
/// </summary>
public sealed partial class FxRates(FxStore store, ILiveRates live, TimeProvider time, ILogger<FxRates> logger)
{
    public static readonly TimeSpan LiveFor = TimeSpan.FromMinutes(5);

    private const string Euro = "EUR";
    private const string Daily = "daily";

    /// <summary>A weekend and a holiday: what is older is no current daily rate.</summary>
    private const int MaxDailyAge = 4;

    private readonly ReadThroughCache<LiveTable?> _live = new("fx-live", new CacheLimits(1), time);

    /// <summary>The rate of a day, or of the last before it; null when there is none.</summary>
    public async Task<FxQuote?> OnAsync(string from, string to, DateOnly day, CancellationToken cancellationToken)
    {
        if (from == to)
        {
            return new(from, to, day, day, 1);
        }

        DailyRates? one = from == Euro ? null : await store.AroundAsync(from, day, cancellationToken);
        DailyRates? other = to == Euro ? null : await store.AroundAsync(to, day, cancellationToken);
        bool areKnown = (one is not null || from == Euro) && (other is not null || to == Euro);
        return areKnown && DailyRates.Cross(one, other, day) is { } found
            ? new(from, to, day, found.Day, found.Rate)
            : null;
    }

    /// <summary>The rate of now; null when neither the live source nor the daily rates know it.</summary>
    public async Task<LiveRate?> NowAsync(string from, string to, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (from == to)
        {
            return new(from, to, 1, now, false, "same");
        }

        LiveTable? table = await TableAsync(cancellationToken);
        if (table is not null && Of(table, from) is { } one && Of(table, to) is { } other)
        {
            return new(from, to, DailyRates.Significant(other / one), table.AsOf, table.Stale, table.Source);
        }

        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        return await OnAsync(from, to, today, cancellationToken) is { } daily
            ? new(
                from, to, daily.Rate, new(daily.Day, TimeOnly.MinValue, TimeSpan.Zero),
                today.DayNumber - daily.Day.DayNumber > MaxDailyAge, Daily)
            : null;
    }

    private async Task<LiveTable?> TableAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _live.GetAsync("live", LiveFor, live.ReadAsync, cancellationToken);
        }
        catch (Exception failure) when (Failures.IsTransient(failure) && !cancellationToken.IsCancellationRequested)
        {
            // A price in another currency is worth more with yesterday's rate, marked as such, than not at all.
            NoLiveRates(logger, failure);
            return null;
        }
    }

    private static decimal? Of(LiveTable table, string currency) =>
        currency == Euro ? 1 : table.Rates.TryGetValue(currency, out decimal rate) && rate > 0 ? rate : null;

    [LoggerMessage(1501, LogLevel.Warning, "The live rates did not come; the last daily ones stand in.")]
    private static partial void NoLiveRates(ILogger logger, Exception failure);
}
