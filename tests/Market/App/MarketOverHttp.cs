using System.Globalization;
using System.Text.Json;
using FinVault.Tests.Market.Reference;

namespace FinVault.Tests.Market.App;

/// <summary>The market as a client reads it, in the lines of <see cref="ReferenceViews"/>.</summary>
internal sealed class MarketOverHttp(Uri server) : IDisposable
{
    private static readonly string[] Counters =
        ["accepted", "duplicate", "late", "outOfSession", "received", "rejected", "tooLate", "volumeReset"];

    private const int IdlePolls = 300;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { BaseAddress = server };

    public void Dispose() => _http.Dispose();

    public async Task<JsonElement> GetAsync(string path) =>
        JsonElement.Parse(await _http.GetStringAsync(new Uri("api/v1/market/" + path, UriKind.Relative)));

    /// <summary>Waits until everything that was sent is counted, then reads all there is.</summary>
    public async Task<List<string>> LinesAsync(long expectedTicks)
    {
        JsonElement ingest = await ReceivedAsync(expectedTicks);
        List<string> lines = [.. Counters.Select(c => $"{c} {ingest.GetProperty(c).GetInt64()}")];
        string[] symbols = [.. (await GetAsync("symbols")).GetProperty("data").EnumerateArray()
            .Select(s => s.GetProperty("symbol").GetString()!)];
        foreach (string symbol in symbols)
        {
            JsonElement quotes = await GetAsync($"quotes?symbols={Uri.EscapeDataString(symbol)}");
            lines.Add(Quote(quotes.GetProperty("data")[0]));
            JsonElement ticks = await GetAsync($"ticks/{Uri.EscapeDataString(symbol)}");
            lines.AddRange(ticks.GetProperty("data").EnumerateArray().Select(Tick));
            string year = quotes.GetProperty("data")[0].GetProperty("eventTime").GetString()![..4];
            lines.AddRange((await BarsAsync(symbol, "1m", year)).Select(b => Bar(symbol, "1m", b)));
            lines.AddRange((await BarsAsync(symbol, "1d", year)).Select(b => Bar(symbol, "1d", b)));
        }

        return lines;
    }

    // A slow machine may take long for a whole day; what fails is that nothing goes on any more.
    private async Task<JsonElement> ReceivedAsync(long expected)
    {
        long before = -1;
        for (int idle = 0; idle < IdlePolls;)
        {
            JsonElement ingest = await GetAsync("ingest");
            long received = ingest.GetProperty("received").GetInt64();
            if (received >= expected)
            {
                return ingest;
            }

            (before, idle) = received > before ? (received, 0) : (before, idle + 1);
            await Task.Delay(Poll);
        }

        throw new TimeoutException($"The market stopped at {before} of {expected} ticks.");
    }

    private async Task<List<JsonElement>> BarsAsync(string symbol, string interval, string year)
    {
        List<JsonElement> bars = [];
        string? cursor = null;
        do
        {
            JsonElement page = await GetAsync(
                $"history/{Uri.EscapeDataString(symbol)}?interval={interval}&start_date={year}-01-01&end_date={year}-12-31"
                + (cursor is null ? "" : $"&cursor={cursor}"));
            bars.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.TryGetProperty("nextCursor", out JsonElement next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return bars;
    }

    private static string Quote(JsonElement quote)
    {
        JsonElement close = quote.GetProperty("previousClose");
        return Lines.Quote(
            quote.GetProperty("symbol").GetString()!, quote.GetProperty("seq").GetInt64(), Number(quote, "price"),
            Number(quote, "volume"), Number(quote, "open"), Number(quote, "high"), Number(quote, "low"),
            close.ValueKind == JsonValueKind.Null ? null : close.GetDecimal(), Time(quote, "eventTime"));
    }

    private static string Tick(JsonElement tick) => Lines.Tick(
        tick.GetProperty("symbol").GetString()!, tick.GetProperty("seq").GetInt64(), Number(tick, "price"),
        Number(tick, "volume"), Time(tick, "eventTime"));

    private static string Bar(string symbol, string interval, JsonElement bar) => Lines.Bar(
        interval, symbol, Time(bar, "time"), Number(bar, "open"), Number(bar, "high"), Number(bar, "low"),
        Number(bar, "close"), Number(bar, "volume"), bar.GetProperty("trades").GetInt64());

    private static decimal Number(JsonElement element, string name) => element.GetProperty(name).GetDecimal();

    private static DateTime Time(JsonElement element, string name) => DateTime.Parse(
        element.GetProperty(name).GetString()!, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
