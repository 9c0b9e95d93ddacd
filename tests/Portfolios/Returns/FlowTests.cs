using FinVault.Portfolios;
using FinVault.Tests.Portfolios.Lots;

namespace FinVault.Tests.Portfolios.Returns;

/// <summary>What crosses which border, and what a lot earned.</summary>
public sealed class FlowTests
{
    private static readonly Trades Year = new Trades()
        .Add("2024-01-01", TransactionKind.Deposit, amount: 10_000, with: t => t with { Symbol = null })
        .Buy("2024-01-02", 10, 5_000, 20)
        .Add("2024-02-01", TransactionKind.Dividend, amount: 300, fees: 30)
        .Sell("2024-03-01", 4, 2_600, 10)
        .Add("2024-04-01", TransactionKind.TransferOut, 6)
        .Add("2024-05-01", TransactionKind.Withdrawal, amount: 700, with: t => t with { Symbol = null });

    [Fact]
    public void PurchasesAreInternal_ToAnAccount_ButNotToAHolding()
    {
        Assert.Equal("0101:+10000 0501:-700", Flows(FlowScope.Total));
        Assert.Equal("0101:+10000 0401:-4100 0501:-700", Flows(FlowScope.Account));
        Assert.Equal("0102:+5020 0201:-270 0301:-2590 0401:-4100", Flows(FlowScope.Holding));
    }

    [Fact]
    public void Lot_EarnsItsPartOfSalesAndDividends()
    {
        Trades trades = new Trades().Buy("2024-01-01", 10, 1_000).Buy("2024-01-01", 30, 3_600)
            .Add("2024-02-01", TransactionKind.Dividend, amount: 400)
            .Add("2024-03-01", TransactionKind.Split, with: t => t with { Ratio = 2 })
            .Sell("2024-04-01", 15, 900);
        long? Worth(DateOnly day, decimal quantity) => (long)(quantity * (day.Month < 3 ? 110 : 60));

        IReadOnlyList<DayValue> days = LotDays.Of(trades.All, Trades.Fifo, "T1", new(2024, 12, 31), Worth)!;
        ReturnReport report = ReturnReport.Measure(days, new(2023, 12, 31), new(2024, 12, 31));

        Assert.Equal(
            [
                new(new(2024, 1, 1), 1_100, 1_000), new(new(2024, 2, 1), 1_100, 0, 100),
                new(new(2024, 4, 1), 300, 0, 900), new DayValue(new(2024, 12, 31), 300),
            ],
            days);
        Assert.Equal(300, report.Gain);
        Assert.Equal((1_200 / 1_000.0 * (1_200 / 1_100.0)) - 1, report.TimeWeighted.Value!.Value, 12);
    }

    [Fact]
    public void Lot_WithoutAPrice_IsNotValued() => Assert.Null(
        LotDays.Of(Year.All, Trades.Fifo, "T2", new(2024, 2, 15), (_, _) => null));

    [Fact]
    public void Position_IsWorth_PriceTimesRate_AndItsGainKnowsTheRatesPart()
    {
        Position position = new Trades().Add(
            "2024-01-01", TransactionKind.Buy, 10, 100_000, 0, t => t with { Currency = "USD", FxRate = 80 }).Position();

        PositionValue now = PositionValue.At(position, 110, 85, "INR");
        Assert.Equal(new(new(110_000, 9_350_000), 1_350_000, 500_000), now);
        Assert.Equal(500_000, PositionValue.FxOfDay(100_000, 80, 85, "USD", "INR"));
    }

    private static string Flows(FlowScope scope) => string.Join(' ', ExternalFlows
        .Of(Year.All, scope, Trades.Fifo, _ => 4_100)
        .Select(flow => $"{flow.Date:MMdd}:{(flow.In > 0 ? $"+{flow.In}" : $"-{flow.Out}")}"));
}
