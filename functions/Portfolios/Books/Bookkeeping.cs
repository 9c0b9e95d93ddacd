using System.Text.Json;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>A transaction that says something new of itself.</summary>
internal sealed record Amended(PortfolioTransaction Before, PortfolioTransaction After);

/// <summary>What transactions make of an account, or why they cannot stand.</summary>
/// <param name="Holdings">Those that become different.</param>
/// <param name="Cash">Minor units by currency, all of it.</param>
/// <param name="Carried">By transfer out: the lots that it takes.</param>
/// <param name="Refusal">Why not; then the rest says nothing.</param>
internal sealed record Booked(
    IReadOnlyList<HoldingDocument> Holdings,
    IReadOnlyDictionary<string, long> Cash,
    IReadOnlyDictionary<string, IReadOnlyList<Lot>> Carried,
    LotRefusal? Refusal)
{
    /// <summary>The problem that a refusal is answered with.</summary>
    public static ProblemException Refuse(LotRefusal refusal) => Problems.TransactionRefused.With(
        refusal.Detail,
        new Dictionary<string, object?> { ["reason"] = CodeOf(refusal), ["transaction"] = refusal.Transaction });

    public static string CodeOf(LotRefusal refusal) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.Code.ToString());
}

/// <summary>
/// Works out what new transactions make of an account's holdings. What happened last is booked onto what is held; what
/// happened before something that is booked, or takes something back, has its symbol replayed from the beginning.
/// </summary>
public sealed class Bookkeeping(PortfolioStore store)
{
    /// <summary>Nothing is stored by this.</summary>
    internal async Task<Booked> BookAsync(
        AccountDocument account, IReadOnlyList<PortfolioTransaction> added, IReadOnlyList<Amended> amended,
        CancellationToken cancellationToken)
    {
        PortfolioTransaction[] entering =
            [.. added.Concat(amended.Where(a => !a.Before.IsInForce).Select(a => a.After)).Where(t => t.IsInForce)];
        PortfolioTransaction[] leaving =
            [.. amended.Where(a => a.Before.IsInForce && !a.After.IsInForce).Select(a => a.Before)];
        IReadOnlyDictionary<string, long> cash =
            CashFlow.Add(CashFlow.Add(account.Cash, entering), leaving, sign: -1);
        List<HoldingDocument> holdings = [];
        Dictionary<string, IReadOnlyList<Lot>> carried = [];
        string[] symbols =
            [.. entering.Concat(leaving).Select(t => t.Symbol).OfType<string>().Distinct(StringComparer.Ordinal)];
        BookSource source = new(store, account, symbols.Length);
        foreach (string symbol in symbols)
        {
            HoldingDocument? held = await source.HoldingAsync(symbol, cancellationToken);
            PortfolioTransaction[] mine = [.. entering.Where(t => t.Symbol == symbol)];
            bool isNewest = !leaving.Any(t => t.Symbol == symbol);
            (Position? Position, LotRefusal? Refusal)? booked =
                isNewest ? Append(held?.Position, mine, LotRules.Of(account.Data), carried) : null;
            booked ??= Replay(
                await source.TransactionsAsync(symbol, cancellationToken), account.Data, symbol, added, amended, carried);
            if (booked.Value.Refusal is { } refusal)
            {
                return new([], account.Cash, carried, refusal);
            }

            string? exchange = mine.LastOrDefault(t => t.Exchange is not null)?.Exchange ?? held?.Exchange;
            holdings.Add(new(
                account.Account, account.Generation, booked.Value.Position ?? Empty(symbol, held, leaving), exchange));
        }

        return new(holdings, cash, carried, null);
    }

    /// <summary>Everything that an account's transactions say it holds.</summary>
    internal static Booked Rebuild(AccountDocument account, IReadOnlyList<PortfolioTransaction> all)
    {
        LotHistory history = LotHistory.Replay(all, LotRules.Of(account.Data));
        IEnumerable<HoldingDocument> holdings = history.Positions.Values
            .OrderBy(position => position.Symbol, StringComparer.Ordinal)
            .Select(position => new HoldingDocument(
                account.Account, account.Generation, position, ExchangeOf(all, position.Symbol)));
        IReadOnlyDictionary<string, long> cash =
            CashFlow.Add(new Dictionary<string, long>(), all.Where(t => t.IsInForce));
        return new([.. holdings], cash, history.Carried, history.Refusal);
    }

    private static (Position?, LotRefusal?)? Append(
        Position? position, IReadOnlyList<PortfolioTransaction> entering, LotRules rules,
        Dictionary<string, IReadOnlyList<Lot>> carried)
    {
        foreach (PortfolioTransaction transaction in PortfolioTransaction.InForce(entering))
        {
            LotOutcome outcome = LotBooking.Apply(position, transaction, rules);
            if (outcome.NeedsReplay)
            {
                return null;
            }

            if (outcome.Step is not { } step)
            {
                return (null, outcome.Refusal);
            }

            position = step.Position;
            if (transaction.Kind == TransactionKind.TransferOut)
            {
                carried[transaction.Id] = step.Carried;
            }
        }

        return (position, null);
    }

    private static (Position?, LotRefusal?) Replay(
        IEnumerable<PortfolioTransaction> stored, PortfolioAccount account, string symbol,
        IReadOnlyList<PortfolioTransaction> added, IReadOnlyList<Amended> amended,
        Dictionary<string, IReadOnlyList<Lot>> carried)
    {
        Dictionary<string, PortfolioTransaction> all = new(StringComparer.Ordinal);
        foreach (PortfolioTransaction transaction in stored.Concat(amended.Select(a => a.After)).Concat(added))
        {
            if (transaction.Symbol == symbol)
            {
                all[transaction.Id] = transaction;
            }
        }

        LotHistory history = LotHistory.Replay(all.Values, LotRules.Of(account));
        foreach ((string id, IReadOnlyList<Lot> lots) in history.Carried)
        {
            carried[id] = lots;
        }

        return (history.Positions.GetValueOrDefault(symbol), history.Refusal);
    }

    // Everything of the symbol was taken back: nothing is held, and nothing ever was.
    private static Position Empty(string symbol, HoldingDocument? held, IReadOnlyList<PortfolioTransaction> leaving) =>
        new(symbol, held?.Position.Currency ?? leaving.First(t => t.Symbol == symbol).Currency);

    private static string? ExchangeOf(IReadOnlyList<PortfolioTransaction> all, string symbol) =>
        all.Where(t => t.Symbol == symbol && t.IsInForce && t.Exchange is not null)
            .OrderBy(t => t.Sequence).LastOrDefault()?.Exchange;
}
