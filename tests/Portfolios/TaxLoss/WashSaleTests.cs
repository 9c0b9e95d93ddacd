using System.Globalization;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios.TaxLoss;

/// <summary>The examples of the IRS and others, and what holds of any history.</summary>
public sealed class WashSaleTests
{
    [SharedDataTheory("data", "washsale")]
    [InlineData("fairmark_replace_2")]
    [InlineData("fairmark_sameday_1")]
    [InlineData("irs550_example_1")]
    [InlineData("irs550_example_2")]
    [InlineData("irs550_example_3")]
    [InlineData("irs550_example_4")]
    [InlineData("same_day_loss_compute")]
    [InlineData("two_lots_different_buy_days")]
    [InlineData("two_lots_same_days")]
    public void Example_ComesOutAsPublished(string name)
    {
        IReadOnlyList<WashLot> lots = WashSales.Apply(Read(name));

        Assert.Equal(Told(Read($"{name}_out")), Told(lots));
    }

    [Fact]
    public void Rule_MovesLosses_AndLosesNone() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Quantity, ushort Cost, byte Bought, byte Held, ushort Proceeds, bool Open)[]>(),
        given =>
        {
            DateOnly start = new(2024, 1, 1);
            WashLot[] lots =
            [
                .. given.Select((one, i) => new WashLot(
                    $"L{i}", "A", i % 3 == 0 ? "X" : "Y", $"P{i / 2}", one.Quantity + 1, start.AddDays(one.Bought), one.Cost,
                    one.Open ? null : start.AddDays(one.Bought + one.Held), one.Open ? 0 : one.Proceeds)),
            ];
            IReadOnlyList<WashLot> washed = WashSales.Apply(lots);

            Assert.Equal(lots.Sum(lot => lot.Quantity), washed.Sum(lot => lot.Quantity));
            Assert.Equal(lots.Sum(lot => lot.Proceeds), washed.Sum(lot => lot.Proceeds));
            Assert.Equal(lots.Sum(lot => lot.Cost), washed.Sum(lot => lot.Cost - lot.Inherited));
            Assert.Equal(washed.Sum(lot => lot.Disallowed), washed.Sum(lot => lot.Inherited));
            Dictionary<string, WashLot> byId = washed.ToDictionary(lot => lot.Id);
            Assert.All(washed.Where(lot => lot.ReplacedBy is not null), lot =>
            {
                WashLot replacement = byId[lot.ReplacedBy!];
                Assert.Equal(
                    (lot.Id, lot.Quantity, lot.Disallowed),
                    (replacement.Replaces, replacement.Quantity, replacement.Inherited));
                Assert.InRange(replacement.Acquired.DayNumber - lot.Sold!.Value.DayNumber, -30, 30);
                Assert.NotEqual(lot.Purchase, replacement.Purchase);
                Assert.Equal(0, lot.Gain);
            });
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(30, 100)]
    [InlineData(31, 0)]
    [InlineData(-30, 100)]
    [InlineData(-31, 0)]
    public void Purchase_CountsForThirtyDaysEitherSide(int days, long disallowed)
    {
        DateOnly sold = new(2024, 6, 15);
        IReadOnlyList<WashLot> lots = WashSales.Apply(
        [
            new("L", "A", "X", "1", 1, new(2023, 1, 1), 300, sold, 200),
            new("R", "B", "X", "2", 1, sold.AddDays(days), 250),
        ]);

        Assert.Equal(disallowed, lots[0].Disallowed);
        Assert.Equal(250 + disallowed, lots[1].Cost);
        Assert.Equal(disallowed > 0, lots[1].HeldSince < new DateOnly(2023, 8, 1));
    }

    /// <summary>What is told of lots apart from their names: a list in an order of its own.</summary>
    private static string[] Told(IEnumerable<WashLot> lots) =>
    [
        .. lots.Select(lot => FormattableString.Invariant(
                $"{lot.Quantity:0.##} {lot.Symbol} {lot.HeldSince:O} {lot.Cost} {lot.Sold:O} {lot.Proceeds} {lot.Disallowed}"))
            .Order(StringComparer.Ordinal),
    ];

    private static WashLot[] Read(string name) =>
    [
        .. File.ReadLines(Repository.Shared("data", "washsale", $"{name}.csv")).Skip(1)
            .Select(line => Split(line))
            .Where(row => row.Length > 8)
            .Select((row, i) => new WashLot(
                $"{i}", "A", row[1], row.Length > 10 && row[10].Length > 0 ? row[10] : $"own{i}",
                decimal.Parse(row[0], CultureInfo.InvariantCulture),
                Day(row[3]), Cents(row[4]), row[5].Length > 0 ? Day(row[5]) : null, Cents(row[6]))
            {
                Disallowed = Cents(row[8]),
            }),
    ];

    /// <summary>Amounts may be quoted, with a sign of currency and a comma.</summary>
    private static string[] Split(string line) => string.Concat(line.Split('"').Select((part, i) => i % 2 == 1
        ? part.Replace(",", "", StringComparison.Ordinal).TrimStart('$')
        : part)).Split(',');

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "M/d/yyyy", CultureInfo.InvariantCulture);

    private static long Cents(string text) => text.Length == 0
        ? 0
        : (long)Math.Round(100 * decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
}
