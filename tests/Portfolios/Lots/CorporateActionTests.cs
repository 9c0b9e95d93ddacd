using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios.Lots;

/// <summary>What companies and transfers do to lots.</summary>
public sealed class CorporateActionTests
{
    [Fact]
    public void Split_MultipliesUnits_AndKeepsCostAndAge()
    {
        Position position = new Trades().Buy("2024-01-01", 10, 100_000).Buy("2024-02-01", 5, 60_000)
            .Add("2024-03-01", TransactionKind.Split, with: t => t with { Ratio = 5 }).Position();

        Assert.Equal([50, 25], position.Lots.Select(lot => lot.Quantity));
        Assert.Equal([100_000, 60_000], position.Lots.Select(lot => lot.Cost.Account));
        Assert.Equal(Trades.Day("2024-01-01"), position.Lots[0].AcquiredAt);
    }

    [Fact]
    public void ReverseSplit_LeavesTheRoundedTotal_AndNoCostBehind()
    {
        Position position = new Trades().Buy("2024-01-01", 10, 100).Buy("2024-01-02", 10, 100).Buy("2024-01-03", 10, 100)
            .Add("2024-03-01", TransactionKind.Split, with: t => t with { Ratio = 1 / 7m }).Position();

        Assert.Equal(Math.Round(30 / 7m, 8), position.Quantity);
        Assert.Equal(300, position.Cost.Account);
    }

    [Fact]
    public void BonusIssue_IsALotOfItsOwnThatCostNothing()
    {
        Position position = new Trades().Buy("2024-01-01", 10, 100_000)
            .Add("2024-03-01", TransactionKind.BonusIssue, with: t => t with { Ratio = 0.5m }).Position();

        Assert.Equal(15, position.Quantity);
        Assert.Equal(new("T2", Trades.Day("2024-03-01"), 5, default), position.Lots[1]);
    }

    [Fact]
    public void ReturnOfCapital_LowersCost_AndIsGainBeyondIt()
    {
        Position position = new Trades().Buy("2024-01-01", 10, 1_000).Buy("2024-02-01", 10, 100)
            .Add("2024-03-01", TransactionKind.ReturnOfCapital, amount: 400).Position();

        Assert.Equal([800, 0], position.Lots.Select(lot => lot.Cost.Account));
        Assert.Equal(100, position.CapitalGain.Account);
        Assert.Equal(100, position.RealizedGain);
    }

    [Fact]
    public void Dividend_IsIncome_AndLeavesLotsAlone()
    {
        Position position = new Trades().Buy("2024-01-01", 10, 1_000)
            .Add("2024-03-01", TransactionKind.Dividend, amount: 50, fees: 5).Position();

        Assert.Equal((45, 1_000, 0), (position.Income.Account, position.Cost.Account, position.RealizedGain));
    }

    [Fact]
    public void Transfer_CarriesLotsWithTheirAgesAndCosts()
    {
        LotHistory left = new Trades().Buy("2023-01-01", 10, 1_000).Buy("2024-01-01", 10, 3_001)
            .Add("2024-03-01", TransactionKind.TransferOut, 15).Replay();
        TransferredLot[] lots =
        [
            .. left.Carried["T3"].Select(lot =>
                new TransferredLot(lot.AcquiredAt, lot.Quantity, lot.Cost.Trade, lot.Cost.Account)),
        ];
        Position arrived = new Trades().Buy("2023-06-01", 1, 7)
            .Add("2024-03-01", TransactionKind.TransferIn, 15, with: t => t with { Lots = lots }).Position();

        Assert.Equal(0, left.Positions["INFY"].RealizedGain);
        Assert.Equal(["T2.1", "T1", "T2.2"], arrived.Lots.Select(lot => lot.Id));
        Assert.Equal(1_000 + 3_001 + 7, arrived.Cost.Account + left.Positions["INFY"].Cost.Account);
    }

    [Fact]
    public void Split_OfNothing_IsRefused() => Assert.Equal(
        LotRefusalCode.NothingHeld,
        new Trades().Add("2024-01-01", TransactionKind.Split, with: t => t with { Ratio = 2 }).Replay().Refusal?.Code);

    [Fact]
    public void OtherCurrency_IsRefused() => Assert.Equal(
        LotRefusalCode.OtherCurrency,
        new Trades().Buy("2024-01-01", 1, 1)
            .Add("2024-01-02", TransactionKind.Buy, 1, 1, 0, t => t with { Currency = "USD" }).Replay().Refusal?.Code);

    [Fact]
    public void Prices_BeforeASplit_AreBackAdjusted_AndWithDividendsGiveTheTotalReturn()
    {
        (DateOnly, decimal)[] closes =
            [(new(2024, 1, 1), 100), (new(2024, 1, 2), 120), (new(2024, 1, 3), 60), (new(2024, 1, 4), 57)];
        PriceAction[] actions = [new(new(2024, 1, 3), 2), new(new(2024, 1, 4), Dividend: 3)];

        Assert.Equal([50, 60, 60, 57], PriceHistory.BackAdjust(closes, actions, false).Select(day => day.Close));
        // 3 of 60 is 5 %, which the fall to 57 made up for.
        Assert.Equal([47.5m, 57, 57, 57], PriceHistory.BackAdjust(closes, actions, true).Select(day => day.Close));
        Assert.Equal(20, PriceHistory.Quantity(10, new(2024, 1, 1), new(2024, 1, 4), actions));
    }
}
