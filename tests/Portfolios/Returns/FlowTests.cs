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
