using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios.Lots;

/// <summary>Which lots leave, and what is said where none can.</summary>
public sealed class LotMethodTests
{
    /// <summary>10 at 100.00, 10 at 130.00, 10 at 110.00; then 12 are sold at 120.00. Worked out by hand.</summary>
    [Theory]
    [InlineData(LotMethod.Fifo, "T1:10 T2:2", 144_000 - 126_000)]
    [InlineData(LotMethod.Lifo, "T2:2 T3:10", 144_000 - 136_000)]
    [InlineData(LotMethod.Hifo, "T2:10 T3:2", 144_000 - 152_000)]
    [InlineData(LotMethod.AverageCost, "T1:10 T2:2", 144_000 - 136_000)]
    public void Sale_TakesTheLotsOfItsMethod(LotMethod method, string lots, long gain)
    {
        LotHistory history = Three().Sell("2024-04-01", 12, 144_000).Replay(method);

        Assert.Equal(lots, string.Join(' ', history.Closed.Select(lot => $"{lot.Lot}:{lot.Quantity}")));
        Assert.Equal(gain, history.Closed.Sum(lot => lot.Gain));
        Assert.Equal(gain, history.Positions["INFY"].RealizedGain);
        Assert.Equal(18, history.Positions["INFY"].Quantity);
    }

    [Fact]
    public void Sale_WithNamedLots_TakesThemWhateverTheMethod()
    {
        LotHistory history = Three().Sell("2024-04-01", 3, 36_000, 0, new("T3", 1), new LotPick("T2", 2)).Replay();

        Assert.Equal(["T2", "T3"], history.Closed.Select(lot => lot.Lot));
        Assert.Equal([10, 8, 9], history.Positions["INFY"].Lots.Select(lot => lot.Quantity));
    }

    [Fact]
    public void Sale_AtAverageCost_HasTheAverage_AlsoOfNamedLots()
    {
        LotHistory history = Three().Sell("2024-04-01", 3, 36_000, 0, new LotPick("T2", 3)).Replay(LotMethod.AverageCost);

        Assert.Equal(("T2", 34_000), (history.Closed[0].Lot, history.Closed[0].Cost.Account));
    }

    [Fact]
    public void Sale_ByName_NeedsNames() => Assert.Equal(
        LotRefusalCode.LotsDoNotMatch,
        Three().Sell("2024-04-01", 3, 36_000).Replay(LotMethod.SpecificId).Refusal?.Code);

    [Fact]
    public void Sale_OfMoreThanANamedLotHolds_IsRefused() => Assert.Equal(
        LotRefusalCode.LotNotHeld,
        Three().Sell("2024-04-01", 12, 36_000, 0, new LotPick("T1", 12)).Replay().Refusal?.Code);

    [Fact]
    public void Sale_OfMoreThanIsHeld_IsRefusedWithBothFigures()
    {
        LotHistory history = Three().Sell("2024-04-01", 31, 1).Replay();

        Assert.Equal(new(LotRefusalCode.ShortSale, "T4", "31 of INFY leave, 30 are held. The account does not sell short."), history.Refusal);
        Assert.Equal(30, history.Positions["INFY"].Quantity);
    }

    [Fact]
    public void Sale_BeforeThePurchase_IsRefused() => Assert.Equal(
        LotRefusalCode.ShortSale,
        new Trades().Sell("2024-01-01", 1, 1).Buy("2024-01-02", 1, 1).Replay().Refusal?.Code);

    [Fact]
    public void Fees_AreCostWhenBought_AndLessProceedsWhenSold()
    {
        LotHistory history = new Trades()
            .Buy("2024-01-01", 3, 10_000, 10).Sell("2024-02-01", 1, 5_000, 7).Replay();

        Assert.Equal(new(3_337, 3_337), history.Closed[0].Cost);
        Assert.Equal(4_993 - 3_337, history.Closed[0].Gain);
        Assert.Equal(6_673, history.Positions["INFY"].Cost.Account);
    }

    [Fact]
    public void ForeignSale_TellsPriceAndRateApart()
    {
        // 10 at 100 USD when a dollar cost 80 rupees, sold at 110 USD when it costs 85.
        LotHistory history = new Trades()
            .Add("2024-01-01", TransactionKind.Buy, 10, 100_000, 0, t => t with { Currency = "USD", FxRate = 80 })
            .Add("2024-02-01", TransactionKind.Sell, 10, 110_000, 0, t => t with { Currency = "USD", FxRate = 85 })
            .Replay();

        Assert.Equal(9_350_000 - 8_000_000, history.Closed[0].Gain);
        Assert.Equal(100_000 * 5, history.Closed[0].FxGain); // 1,000 USD stood for 5 rupees more each
        Assert.Equal(500_000, history.Positions["INFY"].RealizedFx);
    }

    [Theory]
    [InlineData("JPY", 15_000, "0.55", 825_000)]
    [InlineData("KWD", 15_000, "270.5", 405_750)]
    public void Conversion_KnowsTheCurrenciesMinorUnits(string currency, long amount, string rate, long rupees) =>
        Assert.Equal(rupees, MinorUnits.Convert(
            amount, currency, "INR", decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture)));

    private static Trades Three() => new Trades()
        .Buy("2024-01-01", 10, 100_000).Buy("2024-02-01", 10, 130_000).Buy("2024-03-01", 10, 110_000);
}
