using System.Globalization;
using FinVault.Identity;
using FinVault.Market.Calendar;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
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
    [Public("Market data is for everybody.")]
    [Api("Symbols that have a quote")]
    [Paged(MaxSymbols, MaxSymbols)]
    [Answers(StatusCodes.Status200OK, typeof(Page<SymbolView>), "Symbols by name.")]
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
    [Public("Market data is for everybody.")]
    [Api("Latest quotes", Description = "Of symbols, or of all that are on a board.")]
    [Parameter("symbols", typeof(string[]), "The symbols, at least one unless a board is named.", MaxItems = MaxQuotes)]
    [Parameter("board", typeof(string), "A board, instead of symbols.")]
    [Answers(StatusCodes.Status200OK, typeof(QuotesView), "The quotes, and the symbols that have none.")]
    [Fails(nameof(Problems.TooManySymbols), nameof(Problems.InvalidRequest), nameof(Problems.UnknownBoard))]
    public async Task<IActionResult> GetQuotes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "market/quotes")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string[] symbols = request.Query["symbols"].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (symbols.Length == 0)
        {
            string? board = request.Query["board"];
            return string.IsNullOrEmpty(board)
                ? throw Problems.InvalidRequest.With("symbols names the symbols, separated by commas.")
                : await AnswerBoardAsync(board, cancellationToken);
        }

        if (symbols.Length > MaxQuotes)
        {
            throw Problems.TooManySymbols.With($"A request names {MaxQuotes} symbols at most.");
        }

        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        ILookup<bool, string> known = symbols.Distinct().ToLookup(s => snapshot.Find(s) is not null);
        return new JsonAnswer(new QuotesView(
            [.. known[true].Select(s => snapshot.QuoteOf(snapshot.Find(s)!.Value.Symbol))], [.. known[false]]));
    }

    private async Task<JsonAnswer> AnswerBoardAsync(string board, CancellationToken cancellationToken)
    {
        exchanges.RequireBoard(board);
        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        return new JsonAnswer(new QuotesView(snapshot.QuotesOn(board, exchanges), []));
    }

    [Function(nameof(GetTicks))]
    [Public("Market data is for everybody.")]
    [Api("Last ticks of a symbol", Description = "At most the last 100. Heals a gap in the live connection.")]
    [Parameter("symbol", typeof(string), "The symbol.")]
    [Parameter("after", typeof(long), "Only ticks with a greater seq.", Minimum = 0, Default = 0)]
    [Parameter("limit", typeof(int), "Ticks at most.", Minimum = 1, Maximum = TickRing.Capacity, Default = TickRing.Capacity)]
    [Answers(StatusCodes.Status200OK, typeof(TickPage), "The ticks in order of seq.")]
    [Fails(nameof(Problems.UnknownSymbol), nameof(Problems.InvalidRequest), nameof(Problems.InvalidLimit))]
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
    [Public("Market data is for everybody.")]
    [Api("Bars of a symbol", Description = "At most 5 years a request. Minute bars are kept 90 days, daily bars 10 years.")]
    [Parameter("symbol", typeof(string), "The symbol.")]
    [Parameter("start_date", typeof(DateOnly), "First trading date. Without it: a year back for 1d, one day for 1m.")]
    [Parameter("end_date", typeof(DateOnly), "Last trading date. Without it: the symbol's latest.")]
    [Parameter("interval", typeof(string), "Length of a bar.", Values = ["1m", "1d"], Default = "1d")]
    [Paged(HistoryReader.MaxRows, HistoryReader.MaxRows)]
    [Answers(StatusCodes.Status200OK, typeof(Page<BarView>), "The bars in order of time.")]
    [Fails(nameof(Problems.UnknownSymbol), nameof(Problems.InvalidDate), nameof(Problems.InvalidInterval),
        nameof(Problems.RangeTooLong))]
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
    [Public("Market data is for everybody.")]
    [Api("What became of every tick", Description = "received = accepted + late + duplicate + tooLate + outOfSession + "
        + "rejected, at all times.")]
    [Answers(StatusCodes.Status200OK, typeof(IngestView), "The counts so far.")]
    public async Task<IActionResult> GetIngest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "market/ingest")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        IngestCounters counters = (await boards.ReadFreshAsync(TimeSpan.Zero, cancellationToken)).Counters;
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
