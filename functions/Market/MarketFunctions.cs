using System.Globalization;
using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market;

/// <summary>What anybody may read of the market.</summary>
public sealed class MarketFunctions(
    BoardReader boards, TickReader ticks, HistoryReader history, Exchanges exchanges)
{
    public const int MaxQuotes = 500;
    public const int MaxSymbols = 5_000;

    [Function(nameof(GetSymbols))]
    public async Task<IActionResult> GetSymbols(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "market/symbols")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, MaxSymbols, MaxSymbols);
        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        string after = page.After<string>("symbols") ?? "";
        List<SymbolView> all = [.. snapshot.Symbols
            .Where(s => string.CompareOrdinal(s.State.Symbol, after) > 0)
            .Select(s => new SymbolView(s.State.Symbol, s.State.Exchange.Code, [.. exchanges.BoardsOf(s.State.Symbol)]))];
        SymbolView[] rows = [.. all.Skip(page.Offset).Take(page.Limit)];
        string? next = page.Offset + rows.Length < all.Count ? Cursor.Write("symbols", rows[^1].Symbol) : null;
        return new JsonAnswer(new Page<SymbolView>(rows, next));
    }

    [Function(nameof(GetQuotes))]
    public async Task<IActionResult> GetQuotes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "market/quotes")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string[] symbols = request.Query["symbols"].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (symbols.Length is 0 or > MaxQuotes)
        {
            throw Problems.TooManySymbols.With($"symbols names 1 to {MaxQuotes} symbols, separated by commas.");
        }

        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        ILookup<bool, string> known = symbols.Distinct().ToLookup(s => snapshot.Find(s) is not null);
        return new JsonAnswer(new QuotesView(
            [.. known[true].Select(s => snapshot.QuoteOf(snapshot.Find(s)!.Value.Symbol))], [.. known[false]]));
    }

    [Function(nameof(GetTicks))]
    public async Task<IActionResult> GetTicks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "market/ticks/{symbol}")] HttpRequest request,
        string symbol,
        CancellationToken cancellationToken)
    {
        int limit = PageRequest.From(request, TickRing.Capacity, TickRing.Capacity).Limit;
        string? text = request.Query["after"];
        long after = 0;
        bool valid = string.IsNullOrEmpty(text)
            || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after);
        return valid
            ? new JsonAnswer(await ticks.ReadAsync(symbol, after, limit, cancellationToken))
            : throw Problems.InvalidRequest.With("after is the number of a tick.");
    }

    [Function(nameof(GetHistory))]
    public async Task<IActionResult> GetHistory(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "market/history/{symbol}")] HttpRequest request,
        string symbol,
        CancellationToken cancellationToken)
    {
        PageRequest page = PageRequest.From(request, HistoryReader.MaxRows, HistoryReader.MaxRows);
        IQueryCollection query = request.Query;
        HistoryQuery what = HistoryQuery.Of(symbol, query["interval"], query["start_date"], query["end_date"]);
        return new JsonAnswer(await history.ReadAsync(what, page, cancellationToken));
    }

    /// <summary>What became of every tick so far, read from the store: the sum holds at all times.</summary>
    [Function(nameof(GetIngest))]
    public async Task<IActionResult> GetIngest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "market/ingest")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        IngestCounters counters = (await boards.ReadFreshAsync(cancellationToken)).Counters;
        return new JsonAnswer(IngestView.Of(counters));
    }
}

/// <summary>A symbol, the code of its exchange, and the boards that it is on.</summary>
public sealed record SymbolView(string Symbol, string Exchange, IReadOnlyList<string> Boards);

/// <summary>Quotes, and the asked symbols that have none.</summary>
public sealed record QuotesView(IReadOnlyList<Quote> Data, IReadOnlyList<string> Unknown);

/// <summary>What became of the ticks; <c>received</c> is the sum of the six outcomes.</summary>
public sealed record IngestView(
    long Received,
    long Accepted,
    long Late,
    long Duplicate,
    long TooLate,
    long OutOfSession,
    long Rejected,
    long VolumeReset,
    long DeadLettered)
{
    public static IngestView Of(IngestCounters counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        return new IngestView(
            counters.Received,
            counters[TickOutcome.Accepted],
            counters[TickOutcome.Late],
            counters[TickOutcome.Duplicate],
            counters[TickOutcome.TooLate],
            counters[TickOutcome.OutOfSession],
            counters[TickOutcome.Rejected],
            counters.VolumeReset,
            counters.DeadLettered);
    }
}
