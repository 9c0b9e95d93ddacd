using FinVault.Market.Calendar;
using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios;

/// <summary>
/// A portfolio of two accounts at one moment after the other: longs and a short, holdings of other currencies, one that has
/// no price at first and one that has no rate, money in two currencies. All that the market says is by the step.
/// </summary>
internal static class PushedWorld
{
    public const int Steps = 6;

    private const string Rupees = "PACC_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Dollars = "PACC_01BX5ZZKBKACTAV9WEVGEMMVRZ";

    private static readonly Exchange Exchange = Exchanges.Load().Of("TCS");
    private static readonly decimal[] DollarRates = [83.12m, 83.12m, 83.55m, 83.55m, 82.9m, 82.9m];

    private static readonly Held[] All =
    [
        new(Rupees, "TCS", "INR", "INR", [new("T1", Day(1), 10, DualAmount.Same(100_050)), new("T2", Day(9), 2.5m, DualAmount.Same(31_000))]),
        new(Rupees, "INFY", "INR", "INR", [new("T3", Day(2), -5, DualAmount.Same(-61_000))]),
        new(Rupees, "AAPL", "USD", "USD", [new("T4", Day(3), 3, new(45_000, 3_700_000))]),
        new(Rupees, "SAP", "EUR", "EUR", [new("T5", Day(4), 4, new(40_000, 3_500_000))]),
        new(Rupees, "House", "INR", "INR", [new("T6", Day(5), 1, DualAmount.Same(50_000_000))]),
        // Bought for dollars where it has its price in rupees.
        new(Rupees, "WIPRO", "USD", "INR", [new("T7", Day(6), 8, new(4_000, 330_000))]),
        new(Dollars, "TCS", "INR", "INR", [new("T8", Day(7), 100, new(1_000_000, 12_100))]),
    ];

    public static DateTimeOffset At(int step) => new DateTimeOffset(2024, 1, 2, 6, 0, 0, 250, TimeSpan.Zero).AddSeconds(step);

    /// <summary>The portfolio as a read at that step answers.</summary>
    public static PortfolioOverview Read(int step)
    {
        AccountSummary[] accounts =
        [
            Summary(step, Rupees, "INR", [Money("INR", "INR", 1_000_000, step), Money("USD", "INR", 50_000, step)]),
            Summary(step, Dollars, "USD", []),
        ];
        return new(accounts, PortfolioTotal.Of(accounts, "INR", new Dictionary<string, LiveRate?>
        {
            ["INR"] = Rate("INR", "INR", step),
            ["USD"] = Rate("USD", "INR", step),
        }));
    }

    public static Dictionary<string, HoldingView[]> Holdings(int step) => All.GroupBy(held => held.Account)
        .ToDictionary(same => same.Key, same => same.Select(held => View(held, step)).ToArray());

    /// <summary>What is pushed between the step before and this one.</summary>
    public static LiveUpdate Push(int step)
    {
        PortfolioOverview now = Read(step);
        LiveHolding[] ticked = [.. All.Where(held => Ticks(held, step)).Select(held => new LiveHolding(held.Account, View(held, step)))];
        return new(
            At(step), now.Total, [.. now.Accounts.Where(one => ticked.Any(t => t.Account == one.Account.Id))], ticked);
    }

    private static bool IsPriced(Held held, int step) => held.Symbol != "House" || step >= 3;

    // In step 1 two tick, in step 3 those without a price, in step 5 half; with a rate that moved, all.
    private static bool Ticks(Held held, int step) => IsPriced(held, step) && step switch
    {
        1 => held.Symbol is "TCS" or "SAP",
        3 => held.Symbol is "House" or "AAPL",
        5 => held.Account == Rupees && held.Symbol is "INFY" or "House" or "WIPRO",
        _ => true,
    };

    // As of the last step in which it ticked.
    private static PricedAt? PriceOf(Held held, int step)
    {
        if (!IsPriced(held, step))
        {
            return null;
        }

        int last = step;
        while (last > 0 && !Ticks(held, last))
        {
            last--;
        }

        decimal value = 100 + (held.Symbol.Length * 7.25m) + (last * (last % 2 == 0 ? 1.5m : -0.85m));
        decimal? close = held.Symbol == "House" && last < 5 ? null : 99.4m + held.Symbol.Length;
        return new(
            value, held.Priced, close, At(last).AddMilliseconds(-120), At(last).AddMilliseconds(-700), last == 2,
            last == 4 ? SessionState.PostClose : SessionState.Open, last < 4 ? "demo" : "other");
    }

    private static AccountSummary Summary(int step, string id, string currency, IReadOnlyList<CashView> cash) =>
        AccountSummary.Of(Account(id, currency), [.. All.Where(held => held.Account == id).Select(held => View(held, step))], cash)
            with { Records = 9 };

    private static HoldingView View(Held held, int step)
    {
        PortfolioAccount account = Account(held.Account, held.Account == Rupees ? "INR" : "USD");
        Position position = new(held.Symbol, held.Currency) { Lots = held.Lots, Income = DualAmount.Same(77), RealizedFx = 12 };
        MarketFacts facts = PriceOf(held, step) is { } price
            ? MarketFacts.Of(
                position, Exchange, price, Rate(held.Priced, held.Currency, step), Rate(held.Priced, account.Currency, step))
            : MarketFacts.None;
        return HoldingValuation.Of(new(held.Account, "0", position, "XNSE"), account, facts);
    }

    private static CashView Money(string currency, string into, long amount, int step) =>
        new(currency, amount, Valuations.Convert(MoneyFigure.Of(amount), currency, into, Rate(currency, into, step)));

    private static LiveRate? Rate(string from, string to, int step)
    {
        decimal? rate = (from, to) switch
        {
            ("USD", "INR") => DollarRates[step],
            ("INR", "USD") => decimal.Round(1 / DollarRates[step], 8),
            ("EUR", "INR") => step < 4 ? null : 90.4m,
            _ => from == to ? 1 : null,
        };
        return rate is { } known ? new(from, to, known, At(step / 2 * 2).AddHours(-3), from != to && (step is 2 or 3), "rates") : null;
    }

    private static PortfolioAccount Account(string id, string currency) =>
        new(id, "USER_1", "TENANT_1", currency == "INR" ? "Savings" : "Abroad", currency, LotMethod.Fifo, currency == "INR", Day(1));

    private static DateTimeOffset Day(int day) => new(2023, 1, day, 10, 0, 0, TimeSpan.Zero);

    private sealed record Held(string Account, string Symbol, string Currency, string Priced, IReadOnlyList<Lot> Lots);
}
