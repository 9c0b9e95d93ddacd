using FinVault.Escrow;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Escrow.Reconciliation;

/// <summary>What of a statement and the books belongs together.</summary>
public sealed class StatementMatchingTests
{
    private static readonly DateOnly Day = new(2026, 1, 10);
    private static readonly StatementPeriod Period = new(Day, Day.AddDays(1));

    [Fact]
    public void Match_TakesATransfersId_OrItsReference()
    {
        MatchResult result = Match([Line("T1", 100), Line("escrow 2", -50)], [Booked("T1", 100), Booked("T2", -50, "escrow 2")]);
        Assert.Equal(2, result.Matched);
        Assert.Empty(result.Mismatches);
    }

    [Fact]
    public void Match_SaysOnWhichSideEachOneIsMissing()
    {
        MatchResult result = Match([Line("T1", 100), Line("T9", 7)], [Booked("T1", 100), Booked("T2", -50)]);
        Assert.Equal(1, result.Matched);
        Assert.Equal(
            [(UnmatchedKind.InStatementOnly, "T9", null), (UnmatchedKind.InBooksOnly, null, "T2")],
            result.Mismatches.Select(one => (one.Kind, one.Line?.Reference, one.Booked?.Transfer)));
    }

    [Fact]
    public void Match_OfAnotherAmount_ShowsBothSides()
    {
        Mismatch differs = Assert.Single(Match([Line("T1", 99)], [Booked("T1", 100)]).Mismatches);
        Assert.Equal((UnmatchedKind.AmountDiffers, 99, 100), (differs.Kind, differs.Line!.Amount, differs.Booked!.Amount));
    }

    [Fact]
    public void Match_OfAWrongSign_DoesNotMatch() =>
        Assert.Equal(UnmatchedKind.AmountDiffers, Assert.Single(Match([Line("T1", -100)], [Booked("T1", 100)]).Mismatches).Kind);

    [Fact]
    public void Match_OfALineThatComesTwice_TakesTheEntryOnce()
    {
        MatchResult result = Match([Line("T1", 100), Line("T1", 100)], [Booked("T1", 100)]);
        Assert.Equal(1, result.Matched);
        Assert.Equal(UnmatchedKind.InStatementOnly, Assert.Single(result.Mismatches).Kind);
    }

    [Fact]
    public void Match_OfOneReferenceForSeveral_TellsThemByAmount()
    {
        MatchResult result = Match(
            [Line("escrow", 5), Line("escrow", 95), Line("escrow", 1)],
            [Booked("NET", 95, "escrow"), Booked("FEE", 5, "escrow"), Booked("TIP", 2, "escrow")]);
        Assert.Equal(2, result.Matched);
        Mismatch differs = Assert.Single(result.Mismatches);
        Assert.Equal((UnmatchedKind.AmountDiffers, "TIP"), (differs.Kind, differs.Booked!.Transfer));
    }

    [Fact]
    public void Match_AcrossMidnight_IsFound_ButMissedOnlyWithinThePeriod()
    {
        BookedMovement before = Booked("T1", 100, "", -1);
        BookedMovement after = Booked("T2", 50, "", 2);
        MatchResult result = Match([Line("T1", 100)], [before, after]);
        Assert.Equal(1, result.Matched);
        Assert.Empty(result.Mismatches);
    }

    /// <summary>Every line and every entry of the period is in exactly one place, and each pair is of one reference.</summary>
    [Fact]
    public void Match_OfAnything_LosesAndDoublesNothing() => Prop.ForAll(
        Arb.From(Movements()), Arb.From(Movements()),
        (ours, theirs) =>
        {
            BookedMovement[] books = [.. ours.Select((one, index) => Booked($"T{index}", one.Amount, one.Reference))];
            StatementLine[] lines = [.. theirs.Select(one => Line(one.Reference, one.Amount))];
            MatchResult result = Match(lines, books);
            int Of(UnmatchedKind kind) => result.Mismatches.Count(one => one.Kind == kind);
            Assert.Equal(lines.Length, result.Matched + Of(UnmatchedKind.InStatementOnly) + Of(UnmatchedKind.AmountDiffers));
            Assert.Equal(books.Length, result.Matched + Of(UnmatchedKind.InBooksOnly) + Of(UnmatchedKind.AmountDiffers));
            Assert.All(result.Mismatches.Where(one => one.Kind == UnmatchedKind.AmountDiffers), one => Assert.True(
                one.Line!.Amount != one.Booked!.Amount
                && (one.Line.Reference == one.Booked.Reference || one.Line.Reference == one.Booked.Transfer)));
            IEnumerable<BookedMovement> left = result.Mismatches.Select(one => one.Booked).OfType<BookedMovement>();
            Assert.Equal(left.Count(), left.Distinct().Count());
        }).QuickCheckThrowOnFailure();

    private static Gen<(string Reference, long Amount)[]> Movements() => Gen.Choose(0, 12).SelectMany(count =>
        Gen.Choose(0, 5).SelectMany(name => Gen.Choose(1, 4).Select(amount => ($"T{name}", (long)amount))).ArrayOf(count));

    private static MatchResult Match(StatementLine[] lines, BookedMovement[] booked) =>
        StatementMatching.Match(lines, booked, Period);

    private static StatementLine Line(string reference, long amount) => new(reference, amount, "INR", Day);

    private static BookedMovement Booked(string transfer, long amount, string reference = "", int days = 0) =>
        new(transfer, reference, amount, new(Day.AddDays(days), new TimeOnly(23, 30), TimeSpan.Zero));
}
