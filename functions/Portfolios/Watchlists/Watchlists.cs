using System.ComponentModel;
using System.Net;
using FinVault.Audit;
using FinVault.Identity;
using FinVault.Market.Live;
using FinVault.Market.Read;
using FinVault.Market.Rules;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>A list as its user makes it, the symbols in the user's order.</summary>
public sealed record NewWatchlist(
    [property: Description("1 to 80 characters.")] string Name,
    [property: Description("Up to 100, each once, in order.")] IReadOnlyList<string> Symbols);

/// <summary>A list.</summary>
public sealed record Watchlist(
    string Id, string Name, IReadOnlyList<string> Symbols, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

/// <summary>A symbol of a list; its quote is null when no price of it was ever seen.</summary>
public sealed record WatchedSymbol(string Symbol, Quote? Quote);

/// <summary>A list with the quotes of its symbols, in its order.</summary>
public sealed record WatchlistView(Watchlist Watchlist, IReadOnlyList<WatchedSymbol> Quotes);

/// <summary>A list, in its user's partition of the container <c>alerts</c>.</summary>
[NotAudited("A user's own list of symbols; nothing depends on it.")]
internal sealed record WatchlistDocument(string Id, string User, Watchlist List)
{
    public const string DocumentType = "watchlist";

    public string Type { get; init; } = DocumentType;
}

/// <summary>Users' named lists of symbols.</summary>
public sealed class Watchlists(AlertDocuments documents, BoardReader boards, TimeProvider time)
{
    public const string Prefix = "WATCHLIST";
    public const int MaxPerUser = 20;
    public const int MaxSymbols = 100;

    private const int MaxName = 80;
    private const int MaxTries = 5;
    private const string CountId = "count-watchlists";

    /// <exception cref="ProblemException">invalid_watchlist, too_many_watchlists.</exception>
    public async Task<Watchlist> AddAsync(CurrentUser user, NewWatchlist wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        DateTimeOffset now = time.GetUtcNow();
        (string name, IReadOnlyList<string> symbols) = Checked(wanted);
        Watchlist list = new(Ids.New(Prefix, now), name, symbols, now, now);
        while (true)
        {
            TransactionalBatch batch = documents.Batch(user.UserId).PatchItem(
                CountId, [PatchOperation.Increment("/total", 1)],
                new() { FilterPredicate = $"FROM c WHERE c.total < {MaxPerUser}", EnableContentResponseOnWrite = false })
                .CreateItem(new WatchlistDocument(list.Id, user.UserId, list));
            switch (await Documents.ExecuteAsync(batch, cancellationToken))
            {
                case { IsDone: true }:
                    return list;
                case { Failed: 0, Status: HttpStatusCode.NotFound }:
                    await documents.CreateAsync(
                        user.UserId, new AlertCountDocument(CountId, user.UserId, 0), cancellationToken);
                    break;
                default:
                    throw Problems.TooManyWatchlists.With($"A user has {MaxPerUser} lists at most.");
            }
        }
    }

    /// <summary>All of a user's lists, oldest first.</summary>
    public async Task<Page<Watchlist>> ListAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        List<WatchlistDocument> rows = await documents.QueryAsync<WatchlistDocument>(
            user.UserId, new("SELECT * FROM c WHERE c.type = 'watchlist' ORDER BY c.id"), cancellationToken)
            .ToListAsync(cancellationToken);
        return new([.. rows.Select(row => row.List)]);
    }

    /// <summary>A list with its quotes: one read, and the boards, which are cached.</summary>
    /// <exception cref="ProblemException">unknown_watchlist.</exception>
    public async Task<WatchlistView> ReadAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        Watchlist list = (await OpenAsync(user, id, cancellationToken)).Document.List;
        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        return new(list, [.. list.Symbols.Select(symbol => new WatchedSymbol(
            symbol, snapshot.Find(symbol) is { } found ? snapshot.QuoteOf(found.Symbol) : null))]);
    }

    /// <summary>Gives a list another name and other symbols, or another order.</summary>
    /// <exception cref="ProblemException">unknown_watchlist, invalid_watchlist, unavailable.</exception>
    public async Task<Watchlist> ReplaceAsync(
        CurrentUser user, string id, NewWatchlist wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        (string name, IReadOnlyList<string> symbols) = Checked(wanted);
        for (int tries = 0; tries < MaxTries; tries++)
        {
            Versioned<WatchlistDocument> before = await OpenAsync(user, id, cancellationToken);
            Watchlist after = before.Document.List with { Name = name, Symbols = symbols, ChangedAt = time.GetUtcNow() };
            if (await documents.ReplaceAsync(
                user.UserId, id, before.Document with { List = after }, before.ETag, cancellationToken))
            {
                return after;
            }
        }

        throw Problems.Unavailable.With("The list changes all the time. Try again shortly.");
    }

    /// <exception cref="ProblemException">unknown_watchlist.</exception>
    public async Task DeleteAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        await OpenAsync(user, id, cancellationToken);
        TransactionalBatch batch = documents.Batch(user.UserId)
            .DeleteItem(id).PatchItem(CountId, [PatchOperation.Increment("/total", -1)]);
        if (!(await Documents.ExecuteAsync(batch, cancellationToken)).IsDone)
        {
            throw Unknown();
        }
    }

    private async Task<Versioned<WatchlistDocument>> OpenAsync(
        CurrentUser user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Ids.IsValid(id, Prefix)
            && await documents.FindVersionedAsync<WatchlistDocument>(user.UserId, id, cancellationToken) is { } found
            ? found
            : throw Unknown();
    }

    private static ProblemException Unknown() => Problems.UnknownWatchlist.With("You have no such list.");

    private static (string Name, IReadOnlyList<string> Symbols) Checked(NewWatchlist wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        string name = wanted.Name.Trim();
        string? fault = name.Length is 0 or > MaxName || name.Any(char.IsControl) ? $"name has 1 to {MaxName} characters."
            : wanted.Symbols.Count > MaxSymbols ? $"A list has {MaxSymbols} symbols at most."
            : wanted.Symbols.Distinct(StringComparer.Ordinal).Count() != wanted.Symbols.Count ? "A symbol stands twice."
            : wanted.Symbols.Any(symbol => string.IsNullOrWhiteSpace(symbol) || symbol.Length > TickParser.MaxSymbolLength)
                ? $"A symbol has 1 to {TickParser.MaxSymbolLength} characters."
            : null;
        return fault is null ? (name, wanted.Symbols) : throw Problems.InvalidWatchlist.With(fault);
    }
}
