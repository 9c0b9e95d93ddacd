using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios.TaxLoss;

/// <summary>Which losses are worth taking, and what a sale would do.</summary>
public sealed class TaxLossTests
{
    private static readonly DateOnly Today = new(2024, 6, 15);

    private static readonly WashLot[] Lots =
    [
        new("old", "A", "X", "old", 10, new(2023, 1, 10), 105_000),
        new("new", "B", "X", "new", 4, new(2024, 6, 1), 41_000),
        new("other", "A", "Y", "other", 3, new(2024, 1, 1), 90_000),
    ];

    [Theory]
    [InlineData("100.00", 0)] // 105.00 is not above 105.00
    [InlineData("99.99", 1)]
    [InlineData("97", 2)]
    public void Loss_CountsAboveFivePerCent(string price, int count) => Assert.Equal(
        count, TaxLosses.Find(Lots, "INR", symbol => symbol == "X" ? Parse(price) : null, Today).Count);

    [Fact]
    public void Opportunity_SaysWhatRecentPurchasesWouldTakeAway()
    {
        TaxLossOpportunity old = TaxLosses.Find(Lots, "INR", _ => 80, Today).Single(one => one.Lot == "old");

        Assert.Equal((10, 105m, 80m, 25_000), (old.Quantity, old.PurchasePrice, old.CurrentPrice, old.UnrealizedLoss));
        Assert.True(old.IsLongTerm);
        Assert.Equal((10_000, "new"), (old.Disallowed, Assert.Single(old.ReplacedBy))); // 4 of 10 were bought again
        Assert.Equal((new DateOnly(2024, 7, 16), new DateOnly(2024, 7, 2)), (old.BuyAgainFrom, old.ClearFrom));
        Assert.Equal((0, Today), TaxLosses.Find(Lots, "INR", symbol => symbol == "Y" ? 200 : null, Today)
            .Select(one => (one.Disallowed, one.ClearFrom)).Single());
    }

    [Fact]
    public void Trial_SplitsTheLossByWhatMayBeDeducted_AndByAge()
    {
        TaxLossTrial trial = TaxLosses.Try(Lots, [new("A", "old", 8, 64_000), new("A", "other", 3, 60_000)], Today)!;

        Assert.Equal(64_000 + 60_000 - 84_000 - 90_000, trial.Gain);
        Assert.Equal(10_000, trial.Disallowed);
        Assert.Equal(-40_000, trial.Deductible);
        Assert.Equal((-30_000, -10_000), (trial.ShortTerm, trial.LongTerm));
        WashLot replacement = Assert.Single(trial.Replacements);
        Assert.Equal(("new", 51_000), (replacement.Id, replacement.Cost));
        Assert.Equal(new DateOnly(2024, 6, 1).AddDays(-522), replacement.HeldSince);
    }

    [Fact]
    public void Trial_OfWhatIsNotOpen_IsNone()
    {
        Assert.Null(TaxLosses.Try(Lots, [new("A", "old", 11, 1)], Today));
        Assert.Null(TaxLosses.Try(Lots, [new("B", "old", 1, 1)], Today));
        Assert.Null(TaxLosses.Try(Lots, [new("A", "old", 6, 1), new("A", "old", 5, 1)], Today));
    }

    [Fact]
    public void Rows_CannotBeRunByASpreadsheet()
    {
        TaxLossOpportunity one = TaxLosses.Find(
            [Lots[0] with { Symbol = "=HYPERLINK(\"x\",1)", Account = "+A", Id = "a,b" }], "INR", _ => 80.5m, Today)[0];

        Assert.Equal(
            [
                TaxLossCsv.Header,
                "'+A,\"'=HYPERLINK(\"\"x\"\",1)\",\"a,b\",10,105,80.5,245,INR,2023-01-10,true,0,,2024-07-16,2024-06-15",
            ],
            TaxLossCsv.Rows([one], "INR"));
    }

    private static decimal Parse(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
