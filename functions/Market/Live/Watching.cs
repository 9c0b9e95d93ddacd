using System.Text.Json.Serialization;
using FinVault.Market.Calendar;
using FinVault.Market.Read;
using FinVault.Platform;
using Microsoft.Azure.SignalR.Management;

namespace FinVault.Market.Live;

/// <summary>What a connection watches. It joins first and reads the snapshot then, so that nothing falls in between.</summary>
public sealed class Watching(
    ServiceHubContext hub, WatchStore watches, PackedWatches packed, BoardReader boards, Exchanges exchanges,
    MarketOptions options)
{
    // However many connect at once, a shard is read ten times a second at most.
    private static readonly TimeSpan SnapshotAge = TimeSpan.FromMilliseconds(100);

    // A little more, so that no snapshot is from before the joining: what was published in between would be missed, and
    // where nothing is traded after it no later message shows the gap.
    private static readonly TimeSpan JoiningIsOver = SnapshotAge * 1.2;

    private const string SymbolsKind = "symbols";
    private const string BoardKind = "board";

    /// <summary>Sets the whole set of watched symbols.</summary>
    /// <exception cref="ProblemException">too_many_symbols.</exception>
    public async Task<WatchAnswer> WatchAsync(
        string connectionId, IReadOnlyCollection<string> symbols, bool conflated, CancellationToken cancellationToken)
    {
        string[] wanted = Wanted(symbols);
        BoardSnapshot before = await boards.ReadAsync(cancellationToken);
        ILookup<bool, string> known = wanted.ToLookup(symbol => before.Peek(symbol) is not null);
        string[] groups =
            [.. known[true].Select(s => conflated ? Realtime.ConflatedGroup(s) : Realtime.SymbolGroup(s))];
        await MoveAsync(connectionId, SymbolsKind, groups, cancellationToken);
        BoardSnapshot snapshot = known.Contains(true) ? await ReadJoinedAsync(cancellationToken) : before;
        return Answer(known, snapshot, conflated);
    }

    /// <summary>
    /// Sets the whole set of watched symbols for a connection that shows a list, and has it sent one message in a while.
    /// Where nothing is packed it is a watch like any other.
    /// </summary>
    /// <exception cref="ProblemException">too_many_symbols.</exception>
    public async Task<WatchAnswer> WatchPackedAsync(
        string connectionId, IReadOnlyCollection<string> symbols, CancellationToken cancellationToken)
    {
        if (options.PackedMilliseconds == 0)
        {
            return await WatchAsync(connectionId, symbols, conflated: false, cancellationToken);
        }

        string[] wanted = Wanted(symbols);
        await MoveAsync(connectionId, SymbolsKind, [Realtime.Packed], cancellationToken);
        // The watch has the numbers of this snapshot: whatever comes after it is sent.
        BoardSnapshot snapshot = await boards.ReadFreshAsync(SnapshotAge, cancellationToken);
        ILookup<bool, string> known = wanted.ToLookup(symbol => snapshot.Peek(symbol) is not null);
        await packed.SayAsync(connectionId, [.. known[true]], snapshot, cancellationToken);
        return Answer(known, snapshot, conflated: false) with
        {
            Packed = options.PackedMilliseconds,
            Of = snapshot.Count,
        };
    }

    /// <summary>Joins a board and leaves the one before; no name leaves it alone.</summary>
    /// <exception cref="ProblemException">unknown_board.</exception>
    public async Task<BoardAnswer> WatchBoardAsync(
        string connectionId, string? board, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(board))
        {
            await MoveAsync(connectionId, BoardKind, [], cancellationToken);
            return new BoardAnswer(null, []);
        }

        exchanges.RequireBoard(board);
        await MoveAsync(connectionId, BoardKind, [Realtime.BoardGroup(board)], cancellationToken);
        BoardSnapshot snapshot = await ReadJoinedAsync(cancellationToken);
        return new BoardAnswer(board, snapshot.QuotesOn(board, exchanges));
    }

    private async Task<BoardSnapshot> ReadJoinedAsync(CancellationToken cancellationToken)
    {
        // By the machine's clock, as the age of what was read is.
        await Task.Delay(JoiningIsOver, TimeProvider.System, cancellationToken);
        return await boards.ReadFreshAsync(SnapshotAge, cancellationToken);
    }

    private static string[] Wanted(IReadOnlyCollection<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        string[] wanted = [.. symbols.Distinct()];
        return wanted.Length <= Realtime.MaxSymbols
            ? wanted
            : throw Problems.TooManySymbols.With($"A connection watches {Realtime.MaxSymbols} symbols at most.");
    }

    private static WatchAnswer Answer(ILookup<bool, string> known, BoardSnapshot snapshot, bool conflated) => new(
        [.. known[true]], [.. known[false]],
        [.. known[true].Select(symbol => snapshot.QuoteOf(snapshot.Peek(symbol)!))], conflated);

    // What is packed is no group, but is left and joined like one.
    private async Task MoveAsync(
        string connectionId, string kind, IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> current = await watches.ReadAsync(connectionId, kind, cancellationToken);
        if (groups is [Realtime.Packed] && current is [Realtime.Packed])
        {
            return;
        }

        // Written before anything is joined: what is remembered is never less than what the connection is in.
        await watches.WriteAsync(connectionId, kind, [.. current.Union(groups)], cancellationToken);
        await Task.WhenAll(
            [.. groups.Except(current).Where(g => g != Realtime.Packed)
                .Select(g => hub.Groups.AddToGroupAsync(connectionId, g, cancellationToken)),
             .. current.Except(groups).Select(g => g == Realtime.Packed
                ? packed.LeaveAsync(connectionId, cancellationToken)
                : hub.Groups.RemoveFromGroupAsync(connectionId, g, cancellationToken))]);
        await watches.WriteAsync(connectionId, kind, groups, cancellationToken);
    }
}

/// <summary>What a connection watches from now on.</summary>
/// <param name="Symbols">The watched symbols.</param>
/// <param name="Unknown">The asked symbols that FinVault has never seen; they are not watched.</param>
/// <param name="Quotes">A snapshot of the watched symbols; messages continue from its numbers.</param>
/// <param name="Conflated">Whether it gets the latest quote once a second instead of every window.</param>
public sealed record WatchAnswer(
    [property: JsonPropertyName("symbols")] IReadOnlyList<string> Symbols,
    [property: JsonPropertyName("unknown")] IReadOnlyList<string> Unknown,
    [property: JsonPropertyName("quotes")] IReadOnlyList<Quote> Quotes,
    [property: JsonPropertyName("conflated")] bool Conflated)
{
    /// <summary>Milliseconds between messages that carry the whole list's changes; 0 where each quote comes by itself.</summary>
    [JsonPropertyName("packed")]
    public int Packed { get; init; }

    /// <summary>How many symbols have a quote; 0 where nothing is packed.</summary>
    [JsonPropertyName("of")]
    public int Of { get; init; }
}

/// <summary>The board that a connection watches from now on, with a snapshot of its symbols.</summary>
public sealed record BoardAnswer(
    [property: JsonPropertyName("board")] string? Board,
    [property: JsonPropertyName("quotes")] IReadOnlyList<Quote> Quotes);
