using FinVault.Portfolios;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Lots;

/// <summary>
/// Real closes, and the dividends and splits that the companies announced, must give the adjusted closes that a data
/// vendor computed.
/// </summary>
public sealed class VendorAdjustmentTests
{
    private static readonly PriceAction[] Oracle =
    [
        .. Paid(0.05m, "2009-04-06 2009-07-13 2009-10-09 2010-01-14 2010-04-12 2010-07-12 2010-10-04 2011-01-14"),
        .. Paid(0.06m, "2011-04-11 2011-07-11 2011-10-07 2012-01-09 2012-04-09 2012-07-11 2012-10-10"),
        .. Paid(0.18m, "2012-12-12"), // three at once, ahead of a tax
        .. Paid(0.12m, "2013-07-10 2013-10-04 2014-01-03 2014-04-04 2014-07-07 2014-10-06"),
    ];

    private static readonly PriceAction[] Nvidia =
    [
        .. Paid(0.075m, "2012-11-20 2013-02-26 2013-05-21 2013-08-20"),
        .. Paid(0.085m, "2013-11-19 2014-02-25 2014-05-20 2014-08-19 2014-11-19"),
    ];

    private static readonly PriceAction[] NvidiaSplits =
    [
        new(new(2000, 6, 27), 2), new(new(2001, 9, 12), 2), new(new(2006, 4, 7), 2), new(new(2007, 9, 11), 1.5m),
    ];

    [SharedDataTheory("data", "daily")]
    [InlineData("orcl-1995-2014.txt.gz")]
    [InlineData("nvda-1999-2014.txt.gz")]
    public void Closes_WithAnnouncedDividends_AreTheVendorsAdjustedOnes(string file)
    {
        (DateOnly Date, decimal Close, decimal Adjusted)[] days = Read(file);
        IReadOnlyList<(DateOnly Date, decimal Close)> adjusted = PriceHistory.BackAdjust(
            Closes(days), file.StartsWith("orcl", StringComparison.Ordinal) ? Oracle : Nvidia, withDividends: true);

        // The vendor's last day is adjusted for what came after it, by the same factor as every other.
        decimal later = days[^1].Adjusted / days[^1].Close;
        Assert.All(days.Zip(adjusted), day =>
            Assert.InRange(day.Second.Close * later / day.First.Adjusted, 0.9998m, 1.0002m));
        Assert.True(adjusted[0].Close < days[0].Close * 0.97m);
    }

    [SharedDataFact("data", "daily")]
    public void Splits_MakeNoReturn_OncePricesAreAdjusted()
    {
        // The file's closes are adjusted for splits already: these are what was on the screen then.
        (DateOnly Date, decimal Close)[] closes = Closes(Read("nvda-1999-2014.txt.gz"));
        (DateOnly Date, decimal Close)[] shown =
        [
            .. closes.Select(day => (day.Date, day.Close * NvidiaSplits
                .Where(split => split.ExDate > day.Date).Aggregate(1m, (product, split) => product * split.Factor))),
        ];
        IReadOnlyList<(DateOnly Date, decimal Close)> adjusted = PriceHistory.BackAdjust(shown, NvidiaSplits, false);

        Assert.All(closes.Zip(adjusted), day => Assert.Equal(day.First.Close, day.Second.Close, 12));
        foreach (PriceAction split in NvidiaSplits)
        {
            int at = Array.FindIndex(shown, day => day.Date >= split.ExDate);
            Assert.True(shown[at].Close / shown[at - 1].Close < 0.8m);
            Assert.InRange(adjusted[at].Close / adjusted[at - 1].Close, 0.85m, 1.15m);
        }

        // 100 units of the first day are 1,200 of the last, and worth the same either way.
        Assert.Equal(1_200, PriceHistory.Quantity(100, closes[0].Date, closes[^1].Date, NvidiaSplits));
        Assert.Equal(100 * shown[0].Close, 1_200 * adjusted[0].Close, 9);
    }

    private static IEnumerable<PriceAction> Paid(decimal dividend, string exDates) =>
        exDates.Split(' ').Select(date => new PriceAction(ReferenceData.Date(date), Dividend: dividend));

    private static (DateOnly Date, decimal Close)[] Closes((DateOnly Date, decimal Close, decimal Adjusted)[] days) =>
        [.. days.Select(day => (day.Date, day.Close))];

    private static (DateOnly Date, decimal Close, decimal Adjusted)[] Read(string file) =>
    [
        .. ReferenceData.Rows("daily", file).Skip(1).Select(row =>
            (ReferenceData.Date(row[0]), (decimal)ReferenceData.Number(row[4]), (decimal)ReferenceData.Number(row[5]))),
    ];
}
