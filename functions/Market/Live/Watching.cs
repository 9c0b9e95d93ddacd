using System.Text.Json.Serialization;
using FinVault.Market.Calendar;
using FinVault.Market.Read;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.Azure.SignalR.Management;

namespace FinVault.Market.Live;

/// <summary>What a connection watches. It joins first and reads the snapshot then, so that nothing falls in between.</summary>
public sealed class Watching(ServiceHubContext hub, WatchStore watches, BoardReader boards, Exchanges exchanges)
{
    // However many connect at once, a shard is read ten times a second at most. What was published in between is a gap
    // that the next message shows.
    private static readonly TimeSpan SnapshotAge = TimeSpan.FromMilliseconds(100);

    private const string SymbolsKind = "symbols";
    private const string BoardKind = "board";

    /// <summary>Sets the whole set of watched symbols.</summary>
    /// <exception cref="ProblemException">too_many_symbols.</exception>
    public async Task<WatchAnswer> WatchAsync(
        string connectionId, IReadOnlyCollection<string> symbols, bool conflated, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        string[] wanted = [.. symbols.Distinct()];
        if (wanted.Length > Realtime.MaxSymbols)
        {
            throw Problems.TooManySymbols.With($"A connection watches {Realtime.MaxSymbols} symbols at most.");
        }

        BoardSnapshot before = await boards.ReadAsync(cancellationToken);
        ILookup<bool, string> known = wanted.ToLookup(s => before.Find(s) is not null);
        string[] groups =
            [.. known[true].Select(s => conflated ? Realtime.ConflatedGroup(s) : Realtime.SymbolGroup(s))];
        await MoveAsync(connectionId, SymbolsKind, groups, cancellationToken);
        BoardSnapshot snapshot = known.Contains(true) ? await boards.ReadFreshAsync(SnapshotAge, cancellationToken) : before;
        return new WatchAnswer(
            [.. known[true]],
            [.. known[false]],
            [.. known[true].Select(s => snapshot.QuoteOf(snapshot.Find(s)!.Value.Symbol))],
            conflated);
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

        if (!exchanges.HasBoard(board))
        {
            throw Problems.UnknownBoard.With("There is no board of that name.");
        }

        await MoveAsync(connectionId, BoardKind, [Realtime.BoardGroup(board)], cancellationToken);
        BoardSnapshot snapshot = await boards.ReadFreshAsync(SnapshotAge, cancellationToken);
        IEnumerable<BoardSymbol> symbols =
            snapshot.Symbols.Where(s => exchanges.BoardsOf(s.State.Symbol).Contains(board));
        return new BoardAnswer(board, [.. symbols.Select(snapshot.QuoteOf)]);
    }

    private async Task MoveAsync(
        string connectionId, string kind, IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> current = await watches.ReadAsync(connectionId, kind, cancellationToken);

        // Written before anything is joined: what is remembered is never less than what the connection is in.
        await watches.WriteAsync(connectionId, kind, [.. current.Union(groups)], cancellationToken);
        await Task.WhenAll(
            [.. groups.Except(current).Select(g => hub.Groups.AddToGroupAsync(connectionId, g, cancellationToken)),
             .. current.Except(groups).Select(g => hub.Groups.RemoveFromGroupAsync(connectionId, g, cancellationToken))]);
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
    [property: JsonPropertyName("conflated")] bool Conflated);

/// <summary>The board that a connection watches from now on, with a snapshot of its symbols.</summary>
public sealed record BoardAnswer(
    [property: JsonPropertyName("board")] string? Board,
    [property: JsonPropertyName("quotes")] IReadOnlyList<Quote> Quotes);
