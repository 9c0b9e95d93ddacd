using System.Collections.Concurrent;
using System.Globalization;
using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>A year of a currency's daily rates, in a partition of the currency's own.</summary>
[NotAudited("Rates are of the world, and nobody here decides them.")]
internal sealed record FxYearDocument(string Id, string Account, IReadOnlyDictionary<string, decimal> Days)
{
    public const string DocumentType = "fxYear";

    public string Type { get; init; } = DocumentType;

    public static string PartitionOf(string currency) => $"fx:{currency}";

    public static string IdOf(int year) => string.Create(CultureInfo.InvariantCulture, $"FX-{year:D4}");
}

/// <summary>Daily rates in units for one euro, a document a currency and year, cached.</summary>
public sealed class FxStore(PortfolioDocuments documents, LateRates late, TimeProvider time)
{
    private const string AlwaysQuoted = "USD";
    private const string DayFormat = "yyyy-MM-dd";
    private const int MaxCached = 2_000;
    private const int WritersAtOnce = 8;

    private static readonly TimeSpan CachedFor = TimeSpan.FromMinutes(5);

    private readonly ReadThroughCache<DailyRates?> _cache = new("fx-days", new CacheLimits(MaxCached), time);

    /// <summary>The currency's rates around a day: of its year, and of the one before where a weekend may roll back.</summary>
    internal async Task<DailyRates?> AroundAsync(string currency, DateOnly day, CancellationToken cancellationToken)
    {
        DateOnly from = day.AddDays(-DailyRates.MaxDaysBack);
        string key = string.Create(CultureInfo.InvariantCulture, $"{currency}:{from.Year}-{day.Year}");
        return await _cache.GetAsync(
            key, CachedFor, token => LoadAsync(currency, from.Year, day.Year, token), cancellationToken);
    }

    /// <summary>The last day that is stored, of a currency that is always quoted; null when there is none near.</summary>
    /// <param name="near">A day of this year; that one and the year before are looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<DateOnly?> LastDayAsync(DateOnly near, CancellationToken cancellationToken)
    {
        for (int year = near.Year; year >= near.Year - 1; year--)
        {
            FxYearDocument? document = await documents.FindAsync<FxYearDocument>(
                FxYearDocument.PartitionOf(AlwaysQuoted), FxYearDocument.IdOf(year), cancellationToken);
            if (document?.Days.Keys.Max(StringComparer.Ordinal) is { } last)
            {
                return DateOnly.ParseExact(last, DayFormat, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    /// <summary>Puts days in, over those that are there; how many rates there were. What rests on them is made again.</summary>
    public async Task<int> PutAsync(
        IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, decimal>> rates, CancellationToken cancellationToken)
    {
        (string Currency, int Year, Dictionary<string, decimal> Days)[] years =
        [
            .. from currency in rates
            from year in currency.Value.GroupBy(day => day.Key.Year)
            orderby year.Key
            select (currency.Key, year.Key, year.ToDictionary(day => Text(day.Key), day => day.Value)),
        ];
        ConcurrentDictionary<string, DateOnly> marked = new(StringComparer.Ordinal);
        ParallelOptions options = new() { MaxDegreeOfParallelism = WritersAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            years, options, async (year, token) => await MergeAsync(year.Currency, year.Year, year.Days, marked, token));
        foreach (string currency in rates.Keys)
        {
            _cache.InvalidatePrefix(currency);
        }

        return years.Sum(year => year.Days.Count);
    }

    private async Task MergeAsync(
        string currency, int year, Dictionary<string, decimal> days, ConcurrentDictionary<string, DateOnly> marked,
        CancellationToken cancellationToken)
    {
        string partition = FxYearDocument.PartitionOf(currency);
        string id = FxYearDocument.IdOf(year);
        while (true)
        {
            Versioned<FxYearDocument>? now =
                await documents.FindVersionedAsync<FxYearDocument>(partition, id, cancellationToken);
            // Before it is stored, so that a crash cannot leave it unsaid; a currency's first day says it of the others.
            if (late.FirstWrong(now?.Document.Days, days) is { } wrong
                && !(marked.TryGetValue(currency, out DateOnly noted) && noted <= wrong))
            {
                await late.MarkAsync(currency, wrong, cancellationToken);
                marked[currency] = wrong;
            }

            Dictionary<string, decimal> merged = new(now?.Document.Days ?? new Dictionary<string, decimal>());
            foreach ((string day, decimal rate) in days)
            {
                merged[day] = rate;
            }

            FxYearDocument document = new(id, partition, merged);
            bool isWritten = now is null
                ? await documents.CreateAsync(partition, document, cancellationToken)
                : await documents.ReplaceAsync(partition, id, document, now.ETag, cancellationToken);
            if (isWritten)
            {
                return;
            }
        }
    }

    private async Task<DailyRates?> LoadAsync(
        string currency, int from, int to, CancellationToken cancellationToken)
    {
        Dictionary<DateOnly, decimal> days = [];
        for (int year = from; year <= to; year++)
        {
            FxYearDocument? document = await documents.FindAsync<FxYearDocument>(
                FxYearDocument.PartitionOf(currency), FxYearDocument.IdOf(year), cancellationToken);
            foreach ((string day, decimal rate) in document?.Days ?? new Dictionary<string, decimal>())
            {
                days[DateOnly.ParseExact(day, DayFormat, CultureInfo.InvariantCulture)] = rate;
            }
        }

        return days.Count == 0 ? null : new(days);
    }

    private static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
