namespace FinVault.Portfolios;

/// <summary>Money in an account.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">Minor units of it; below 0 where deposits were not told.</param>
/// <param name="InAccount">Minor units of the account's currency.</param>
public sealed record CashView(string Currency, long Amount, MoneyFigure InAccount);

/// <summary>The part of an account whose prices are known, where not all are.</summary>
/// <param name="Holdings">How many holdings those are.</param>
/// <param name="Cost">What they cost.</param>
/// <param name="MarketValue">What they are worth.</param>
/// <param name="Unpriced">Symbols of the others, the first 100.</param>
public sealed record PricedPart(int Holdings, long Cost, long MarketValue, IReadOnlyList<string> Unpriced)
{
    public const int MaxUnpriced = 100;
}

/// <summary>
/// An account at the prices of now, in minor units of its currency. A sum of which a part cannot be known is unknown;
/// <see cref="Priced"/> sums what is.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Holdings">How many symbols it holds.</param>
/// <param name="Cost">What they cost.</param>
/// <param name="MarketValue">What they are worth.</param>
/// <param name="DayChange">Since the close of the day before.</param>
/// <param name="Unrealized">Market value less cost.</param>
/// <param name="Realized">Of all sales so far.</param>
/// <param name="Income">Dividends so far.</param>
/// <param name="Charges">Fees so far that no trade caused.</param>
/// <param name="Cash">Money by currency.</param>
/// <param name="CashValue">All of it.</param>
/// <param name="Value">Market value, and money where the account tracks it.</param>
/// <param name="Priced">What is known of it.</param>
/// <param name="Stale">Whether any price or rate in it is.</param>
/// <param name="AsOf">The oldest price in it; null without prices.</param>
public sealed record AccountSummary(
    PortfolioAccount Account, int Holdings, long Cost, MoneyFigure MarketValue, MoneyFigure DayChange, GainView Unrealized,
    GainView Realized, long Income, long Charges, IReadOnlyList<CashView> Cash, MoneyFigure CashValue, MoneyFigure Value,
    PricedPart Priced, bool Stale, DateTimeOffset? AsOf)
{
    /// <summary>How many records it is of: with another number its holdings may be others.</summary>
    public long Records { get; init; }

    private static readonly MoneyFigure Nothing = MoneyFigure.Of(0);
    private static readonly GainView NoGain = GainView.Of(0, 0);

    internal static AccountSummary Of(
        PortfolioAccount account, IReadOnlyList<HoldingView> all, IReadOnlyList<CashView> cash)
    {
        HoldingView[] open = [.. all.Where(h => h.Quantity != 0)];
        HoldingView[] priced = [.. open.Where(h => h.MarketValue.Account.Amount is not null)];
        MoneyFigure value = Sum(open.Select(h => h.MarketValue.Account));
        MoneyFigure money = Sum(cash.Select(c => c.InAccount));
        return new(
            account, open.Length, open.Sum(CostOf), value, Sum(open.Select(h => h.DayChange.Account)),
            open.Aggregate(NoGain, (sum, h) => sum + h.Unrealized), all.Aggregate(NoGain, (sum, h) => sum + h.Realized),
            all.Sum(h => h.Income), all.Sum(h => h.Charges), cash, money, account.TracksCash ? value + money : value,
            new(priced.Length, priced.Sum(CostOf), priced.Sum(h => h.MarketValue.Account.Amount!.Value), [
                .. open.Except(priced).Select(h => h.Symbol).Take(PricedPart.MaxUnpriced)]),
            open.Any(h => h.Stale), open.Select(h => h.Price?.AsOf).Min());
    }

    private static long CostOf(HoldingView holding) => holding.Cost.Account.Amount!.Value;

    private static MoneyFigure Sum(IEnumerable<MoneyFigure> figures) => figures.Aggregate(Nothing, (sum, one) => sum + one);
}

/// <summary>All accounts together in one currency, at the rates of now. Minor units.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Value">What they are worth.</param>
/// <param name="MarketValue">Without money.</param>
/// <param name="Cost">What the holdings cost.</param>
/// <param name="DayChange">Since the close of the day before.</param>
/// <param name="Unrealized">Of what is held.</param>
/// <param name="Realized">Of all sales so far.</param>
/// <param name="Income">Dividends so far.</param>
/// <param name="Stale">Whether any price or rate in it is.</param>
/// <param name="AsOf">The oldest price in it; null without prices.</param>
/// <param name="Known">The part of it that is known; all of it where everything is.</param>
public sealed record PortfolioTotal(
    string Currency, MoneyFigure Value, MoneyFigure MarketValue, MoneyFigure Cost, MoneyFigure DayChange,
    MoneyFigure Unrealized, MoneyFigure Realized, MoneyFigure Income, bool Stale, DateTimeOffset? AsOf, KnownPart Known)
{
    /// <param name="accounts">All of them.</param>
    /// <param name="currency">The total's.</param>
    /// <param name="rates">Into it, by the accounts' currencies; null where there is none.</param>
    internal static PortfolioTotal Of(
        IReadOnlyList<AccountSummary> accounts, string currency, IReadOnlyDictionary<string, LiveRate?> rates)
    {
        MoneyFigure[] sums = [.. Enumerable.Repeat(MoneyFigure.Of(0), 7)];
        bool isStale = false;
        KnownPart known = KnownPart.None;
        foreach (AccountSummary one in accounts)
        {
            string from = one.Account.Currency;
            LiveRate? rate = rates[from];
            isStale |= one.Stale || rate is { Stale: true };
            known = known.With(one, figure => Valuations.Convert(figure, from, currency, rate));
            MoneyFigure[] figures =
            [
                one.Value, one.MarketValue, MoneyFigure.Of(one.Cost), one.DayChange, one.Unrealized.Total, one.Realized.Total,
                MoneyFigure.Of(one.Income),
            ];
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += Valuations.Convert(figures[i], from, currency, rate);
            }
        }

        return new(
            currency, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], isStale,
            accounts.Select(one => one.AsOf).Min(), known);
    }
}

/// <summary>
/// The part of a total that can be valued: holdings with a price, and money where an account tracks it, of accounts whose
/// currency has a rate. Minor units of the total's currency.
/// </summary>
/// <param name="Accounts">How many accounts are in it whole.</param>
/// <param name="Value">What the part is worth.</param>
/// <param name="MarketValue">Without money.</param>
/// <param name="Cost">What those holdings cost.</param>
/// <param name="Unknown">The other accounts, of which something, or all, is not in it.</param>
public sealed record KnownPart(
    int Accounts, long Value, long MarketValue, long Cost, IReadOnlyList<UnknownPart> Unknown)
{
    internal static KnownPart None { get; } = new(0, 0, 0, 0, []);

    /// <summary>With an account more.</summary>
    /// <param name="account">In its own currency.</param>
    /// <param name="convert">Into the total's.</param>
    internal KnownPart With(AccountSummary account, Func<MoneyFigure, MoneyFigure> convert)
    {
        PricedPart priced = account.Priced;
        long money = account.Account.TracksCash ? account.Cash.Sum(one => one.InAccount.Amount ?? 0) : 0;
        MoneyFigure whole = convert(account.Value);
        MoneyFigure worth = convert(MoneyFigure.Of(priced.MarketValue));
        MoneyFigure all = convert(MoneyFigure.Of(priced.MarketValue + money));
        MoneyFigure cost = convert(MoneyFigure.Of(priced.Cost));
        bool isSome = worth.Amount is not null && all.Amount is not null && cost.Amount is not null;
        return new(
            Accounts + (whole.Amount is null ? 0 : 1), Value + (isSome ? all.Amount!.Value : 0),
            MarketValue + (isSome ? worth.Amount!.Value : 0), Cost + (isSome ? cost.Amount!.Value : 0),
            whole.Unavailable is { } why ? [.. Unknown, new(account.Account.Id, why, priced.Unpriced)] : Unknown);
    }
}

/// <summary>An account that is not wholly in what is known.</summary>
/// <param name="Account">The account.</param>
/// <param name="Why">What is missing.</param>
/// <param name="Unpriced">Symbols without a price, the first 100; empty where it is the account's currency that has no rate.</param>
public sealed record UnknownPart(string Account, Unavailable Why, IReadOnlyList<string> Unpriced);

/// <summary>All of a user's accounts and their total.</summary>
public sealed record PortfolioOverview(IReadOnlyList<AccountSummary> Accounts, PortfolioTotal Total);

/// <summary>Which holdings are wanted.</summary>
public enum HoldingStatus
{
    /// <summary>Of which units are held.</summary>
    Open,

    /// <summary>Of which none are held any more.</summary>
    Closed,

    All,
}
