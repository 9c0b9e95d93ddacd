using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios.Lots;

/// <summary>Units that are owed: lots with all signs the other way. Worked out by hand.</summary>
public sealed class ShortPositionTests
{
    private static readonly LotRules Rules = Trades.Fifo with { ShortSelling = true };

    [Fact]
    public void Sale_OfMoreThanIsHeld_ClosesWhatIsHeldAndOwesTheRest()
    {
        LotHistory history = new Trades().Buy("2024-01-01", 3, 30_000).Sell("2024-02-01", 5, 60_000, 500).Replay(Rules);
        Position position = history.Positions["INFY"];

        // Three of five: 35,700 of the 59,500 that came of it.
        Assert.Equal((3m, 5_700L), (history.Closed.Single().Quantity, history.Closed.Single().Gain));
        Assert.Equal([new Lot("T2", Trades.Day("2024-02-01"), -2, DualAmount.Same(-23_800))], position.Lots);
        Assert.Equal((-2m, -23_800L, 5_700L, true), (
            position.Quantity, position.Cost.Account, position.RealizedGain, position.IsShort));
    }

    [Fact]
    public void Purchase_CoversWhatIsOwed_AndOpensALotWithTheRest()
    {
        LotHistory history = new Trades().Sell("2024-01-01", 2, 24_000, 200).Buy("2024-02-01", 5, 50_000).Replay(Rules);
        Position position = history.Positions["INFY"];
        ClosedLot covered = history.Closed.Single();

        Assert.Equal(("T1", "T2", -2m), (covered.Lot, covered.Transaction, covered.Quantity));
        Assert.Equal((20_000L, 23_800L, 3_800L), (covered.Cost.Account, covered.Proceeds.Account, covered.Gain));
        Assert.Equal([new Lot("T2", Trades.Day("2024-02-01"), 3, DualAmount.Same(30_000))], position.Lots);
        Assert.Equal((50_000L, 3_800L), (position.Bought.Account, position.RealizedGain));
    }

    [Fact]
    public void Sale_WhereTheAccountSellsNothingShort_IsRefused()
    {
        Trades trades = new Trades().Buy("2024-01-01", 3, 300).Sell("2024-02-01", 3, 300).Sell("2024-02-02", 1, 100);

        Assert.Equal((LotRefusalCode.ShortSale, "T3"), (trades.Replay().Refusal!.Code, trades.Replay().Refusal!.Transaction));
        Assert.Null(trades.Replay(Rules).Refusal);
    }

    /// <summary>10 sold at 100.00, 10 at 130.00, 10 at 110.00; then 12 are bought back at 120.00.</summary>
    [Theory]
    [InlineData(LotMethod.Fifo, "T1:-10 T2:-2", 126_000 - 144_000)]
    [InlineData(LotMethod.Lifo, "T2:-2 T3:-10", 136_000 - 144_000)]
    [InlineData(LotMethod.Hifo, "T1:-10 T3:-2", 122_000 - 144_000)]
    [InlineData(LotMethod.AverageCost, "T1:-10 T2:-2", 136_000 - 144_000)]
    public void Purchase_CoversTheLotsOfTheMethod(LotMethod method, string lots, long gain)
    {
        LotHistory history = Three().Buy("2024-04-01", 12, 144_000).Replay(Rules with { Method = method });

        Assert.Equal(lots, string.Join(' ', history.Closed.Select(lot => $"{lot.Lot}:{lot.Quantity}")));
        Assert.Equal(gain, history.Closed.Sum(lot => lot.Gain));
        Assert.Equal((gain, -18m), (history.Positions["INFY"].RealizedGain, history.Positions["INFY"].Quantity));
    }

    [Fact]
    public void Purchase_CoversTheLotsThatItNames_AndNoOthers()
    {
        LotRules named = Rules with { Method = LotMethod.SpecificId };
        Trades trades = Three().Add(
            "2024-04-01", TransactionKind.Buy, 3, 36_000, 0, buy => buy with { Picks = [new("T3", 1), new("T2", 2)] });

        Assert.Equal(["T2", "T3"], trades.Replay(named).Closed.Select(lot => lot.Lot));
        Assert.Equal([-10m, -8, -9], trades.Replay(named).Positions["INFY"].Lots.Select(lot => lot.Quantity));
        Assert.Equal(
            LotRefusalCode.LotsDoNotMatch, Three().Buy("2024-04-01", 3, 36_000).Replay(named).Refusal!.Code);
        // Where nothing is owed there is nothing to be named.
        Trades held = new Trades().Add(
            "2024-04-01", TransactionKind.Buy, 1, 100, 0, buy => buy with { Picks = [new("T3", 1)] });
        Assert.Equal(LotRefusalCode.LotsDoNotMatch, held.Replay(Rules).Refusal!.Code);
    }

    [Fact]
    public void Gain_KnowsThePartOfTheRates()
    {
        static PortfolioTransaction Dollars(PortfolioTransaction plain, decimal rate) =>
            plain with { Currency = "USD", FxRate = rate };
        LotHistory history = new Trades()
            .Add("2024-01-01", TransactionKind.Sell, 10, 100_000, 0, sale => Dollars(sale, 80))
            .Add("2024-02-01", TransactionKind.Buy, 10, 90_000, 0, buy => Dollars(buy, 85)).Replay(Rules);

        // 100 dollars earned, worth 8,500 now; 1,000 dollars were owed while they rose by 5.
        Assert.Equal((350_000L, -500_000L), (history.Closed.Single().Gain, history.Closed.Single().FxGain));
        Assert.Equal(-500_000, history.Positions["INFY"].RealizedFx);
    }

    [Fact]
    public void CorporateActions_GrowWhatIsOwed_AndMoneyGoesToWhoHolds()
    {
        Position position = new Trades().Sell("2024-01-01", 10, 100_000)
            .Add("2024-02-01", TransactionKind.Split, with: split => split with { Ratio = 2 })
            .Add("2024-03-01", TransactionKind.BonusIssue, with: issue => issue with { Ratio = 0.5m })
            .Add("2024-03-02", TransactionKind.Dividend, amount: 700)
            .Add("2024-03-03", TransactionKind.ReturnOfCapital, amount: 300)
            .Add("2024-03-04", TransactionKind.Fee, amount: 900).Replay(Rules).Positions["INFY"];

        Assert.Equal([-20m, -10], position.Lots.Select(lot => lot.Quantity));
        Assert.Equal([-100_000L, 0], position.Lots.Select(lot => lot.Cost.Account));
        // What was held before may pay late; what a short seller owes for it is a fee.
        Assert.Equal((700L, 300L, 900L), (
            position.Income.Account, position.CapitalGain.Account, position.Charges.Account));
    }

    [Fact]
    public void Transfers_NeitherTakeNorBringUnits_WhileSomeAreOwed()
    {
        Trades owed = new Trades().Sell("2024-01-01", 1, 100).Add("2024-01-02", TransactionKind.TransferIn, 1);
        Trades taken = new Trades().Sell("2024-01-01", 1, 100).Add("2024-01-02", TransactionKind.TransferOut, 1);

        Assert.Equal(LotRefusalCode.HeldShort, owed.Replay(Rules).Refusal!.Code);
        Assert.Equal(LotRefusalCode.ShortSale, taken.Replay(Rules).Refusal!.Code);
    }

    [Fact]
    public void PieceOfWhatIsOwed_BringsMoneyFirst()
    {
        Trades trades = new Trades().Sell("2024-01-01", 10, 1_000).Buy("2024-02-01", 4, 500).Buy("2024-03-01", 8, 720);
        PieceHistory lot = PieceHistory.OfLot(trades.All, Rules, "T1", (_, _) => null);

        Assert.Equal(
            ["01: +0 -1000", "02: +500 -0", "03: +540 -0"],
            lot.Flows.Select(flow => $"{flow.Date:MM}: +{flow.In} -{flow.Out}"));
        Assert.Equal([-10m, -6, 0], lot.Units.Select(units => units.Left));
    }

    private static Trades Three() => new Trades()
        .Sell("2024-01-01", 10, 100_000).Sell("2024-01-02", 10, 130_000).Sell("2024-01-03", 10, 110_000);
}
