using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Keeps the stored daily rates complete: the last day's when it is published, and all that were missed from the whole
/// table. Asks nobody while nothing is missing, and may be done any number of times.
/// </summary>
public sealed partial class DailyFetch(
    FxOptions options, HttpRates bank, FxStore store, TimeProvider time, ILogger<DailyFetch> logger)
{
    /// <summary>Rates are published by 16:00 in Frankfurt; after this time of UTC they are there, summer or winter.</summary>
    private static readonly TimeOnly PublishedBy = new(15, 30);

    /// <summary>How many rates were stored.</summary>
    /// <exception cref="HttpRequestException">The bank does not answer: the next look asks again.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        DateOnly newest = LastPublished(time.GetUtcNow());
        DateOnly? last = options.DailyUrl.Length == 0 ? newest : await store.LastDayAsync(newest, cancellationToken);
        if (last >= newest)
        {
            return 0;
        }

        bool isNext = last is { } day && LastPublished(new(newest, TimeOnly.MinValue, TimeSpan.Zero)) <= day;
        string url = isNext || options.HistoryUrl.Length == 0 ? options.DailyUrl : options.HistoryUrl;
        IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, decimal>> rates =
            await bank.ReadDaysAsync(url, cancellationToken);
        Dictionary<string, IReadOnlyDictionary<DateOnly, decimal>> fresh = rates
            .Select(one => (one.Key, Days: (IReadOnlyDictionary<DateOnly, decimal>)one.Value
                .Where(rate => last is null || rate.Key > last).ToDictionary()))
            .Where(one => one.Days.Count > 0)
            .ToDictionary(one => one.Key, one => one.Days);
        int stored = fresh.Count == 0 ? 0 : await store.PutAsync(fresh, cancellationToken);
        LogStored(logger, stored, url);
        return stored;
    }

    /// <summary>The last working day whose rates are published; a bank holiday counts as a working day here.</summary>
    internal static DateOnly LastPublished(DateTimeOffset now)
    {
        DateTime utc = now.UtcDateTime;
        DateOnly day = DateOnly.FromDateTime(utc).AddDays(TimeOnly.FromDateTime(utc) < PublishedBy ? -1 : 0);
        return day.AddDays(day.DayOfWeek switch { DayOfWeek.Saturday => -1, DayOfWeek.Sunday => -2, _ => 0 });
    }

    [LoggerMessage(1503, LogLevel.Information, "{Rates} daily rates were stored from {Url}.")]
    private static partial void LogStored(ILogger logger, int rates, string url);
}
