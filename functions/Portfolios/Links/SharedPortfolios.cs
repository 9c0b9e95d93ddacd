using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// What a link shows. Kept for 30 seconds a link: a page that many look at costs one valuation. Whether the link is still
/// good is asked each time, before this.
/// </summary>
public sealed class SharedPortfolios(
    Valuations valuations, Performances performances, PortfolioStore accounts, FxRates rates, TimeProvider time)
{
    private const int MaxKept = 2_000;

    private readonly ReadThroughCache<SharedPortfolio> _cache = new("shared-portfolios", new CacheLimits(MaxKept), time);

    internal ValueTask<SharedPortfolio> ReadAsync(LinkDocument link, CancellationToken cancellationToken) =>
        _cache.GetAsync(
            CacheKey.Of(link.Tenant, link.Owner, link.Id), CacheLives.RealtimePerformance,
            token => LoadAsync(link, token), cancellationToken);

    private async Task<SharedPortfolio> LoadAsync(LinkDocument link, CancellationToken cancellationToken)
    {
        CurrentUser owner = new(link.Owner, link.Tenant, new HashSet<string> { Roles.User });
        List<ValuedAccount> valued = [];
        List<AccountDocument> heads = [];
        foreach (string account in link.Link.Accounts)
        {
            if (await accounts.FindAccountAsync(account, cancellationToken) is { } head)
            {
                heads.Add(head.Document);
                valued.Add(await valuations.ReadAsync(owner, account, cancellationToken));
            }
        }

        string currency = Performances.CurrencyOf([.. heads], null);
        PortfolioTotal total = await valuations.TotalAsync(
            [.. valued.Select(one => one.Summary)], currency, cancellationToken);
        PerformanceView earned = await performances.ReadAllAsync(
            [.. heads], currency, new(null, null, null, false), cancellationToken);
        bool showsAmounts = link.Link.Shows == LinkShows.Amounts;
        return new(
            link.Link.Name, link.Link.Shows, currency, link.Link.ExpiresAt, total.AsOf, total.Stale,
            await HoldingsAsync(valued, currency, total.MarketValue, showsAmounts, cancellationToken), Of(earned),
            showsAmounts ? new(total.Value, total.Cost, total.DayChange, total.Unrealized) : null);
    }

    private async Task<IReadOnlyList<SharedHolding>> HoldingsAsync(
        List<ValuedAccount> valued, string currency, MoneyFigure whole, bool showsAmounts,
        CancellationToken cancellationToken)
    {
        Dictionary<string, SharedSum> sums = new(StringComparer.Ordinal);
        foreach (ValuedAccount account in valued)
        {
            string own = account.Account.Currency;
            LiveRate? rate = await rates.NowAsync(own, currency, cancellationToken);
            foreach (HoldingView held in account.Holdings.Where(held => held.Quantity != 0))
            {
                SharedSum before = sums.GetValueOrDefault(held.Symbol) ?? SharedSum.Nothing;
                sums[held.Symbol] = before.With(held, figure => Valuations.Convert(figure, own, currency, rate));
            }
        }

        return
        [
            .. sums.OrderByDescending(pair => pair.Value.Value.Amount ?? -1).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(SharedPortfolio.MaxHoldings)
                .Select(pair => pair.Value.View(pair.Key, whole, showsAmounts)),
        ];
    }

    private static SharedPerformance Of(PerformanceView view) => new(
        view.From, view.To, view.TimeWeighted, view.DayReturn, view.YearToDate, view.Volatility, view.Drawdown,
        [.. view.Series.Select(point => new SharedPoint(point.Date, point.Growth))]);
}

/// <summary>A symbol over accounts.</summary>
internal sealed record SharedSum(
    decimal Quantity, MoneyFigure Cost, MoneyFigure Value, MoneyFigure DayChange, MoneyFigure Unrealized)
{
    private static readonly MoneyFigure Zero = MoneyFigure.Of(0);

    public static SharedSum Nothing { get; } = new(0, Zero, Zero, Zero, Zero);

    public SharedSum With(HoldingView held, Func<MoneyFigure, MoneyFigure> convert) => new(
        Quantity + held.Quantity, Cost + convert(held.Cost.Account), Value + convert(held.MarketValue.Account),
        DayChange + convert(held.DayChange.Account), Unrealized + convert(held.Unrealized.Total));

    public SharedHolding View(string symbol, MoneyFigure whole, bool showsAmounts) => new(
        symbol, Part(Value, whole), Part(Unrealized, Cost), Part(DayChange, Value - DayChange),
        showsAmounts ? new(Quantity, Cost, Value) : null);

    private static Statistic Part(MoneyFigure part, MoneyFigure of) =>
        (part.Unavailable ?? of.Unavailable) is { } why ? new(null, why)
        : of.Amount > 0 ? Statistic.Of((double)part.Amount!.Value / of.Amount.Value)
        : Statistic.No(UnavailableReason.NoCapital, "There is nothing to compare it with.");
}
