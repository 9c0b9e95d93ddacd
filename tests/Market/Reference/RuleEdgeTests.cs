using System.Globalization;

namespace FinVault.Tests.Market.Reference;

/// <summary>The edges of the rules, by name. Each is asked of the reference and of the app. Times are Indian.</summary>
public sealed class RuleEdgeTests
{
    [Theory]
    [InlineData("2021-06-10T09:00:00", true)]
    [InlineData("2021-06-10T08:59:59.999999", false)]
    [InlineData("2021-06-10T16:00:00", true)]
    [InlineData("2021-06-10T16:00:00.000001", false)]
    [InlineData("2021-06-12T10:00:00", false)] // a Saturday
    [InlineData("2021-06-13T10:00:00", false)] // a Sunday
    [InlineData("2021-04-14T10:00:00", false)] // a holiday on a Wednesday
    [InlineData("1970-01-01T05:30:00", false)] // the epoch
    [InlineData("0001-01-02T10:00:00", false)]
    [InlineData("9999-12-30T10:00:00", false)]
    public void Tick_AtTheEdgeOfTheSession(string time, bool isInSession) =>
        Expect(isInSession ? "accepted 1" : "outOfSession 1", Tick(time));

    [Fact]
    public void Tick_WhoseMinuteEndsExactly120SecondsBeforeTheNewest_IsLate() =>
        Expect("accepted 1, late 1", Tick("2021-06-10T10:03:00"), Tick("2021-06-10T10:00:00"));

    [Fact]
    public void Tick_WhoseMinuteEndsMoreThan120SecondsBeforeTheNewest_IsTooLate() =>
        Expect("accepted 1, tooLate 1", Tick("2021-06-10T10:03:00.000001"), Tick("2021-06-10T10:00:59.999999"));

    [Fact]
    public void Tick_AsOldAsTheNewestAccepted_IsAcceptedAndMovesTheQuote() => Expect(
        "accepted 2; TCS quote 2 101 20 100 101 100 none 2021-06-10T04:30:00.0000000Z",
        Tick("2021-06-10T10:00:00"), Tick("2021-06-10T10:00:00", 101, 20));

    [Fact]
    public void LateTick_NeverMovesTheQuoteButCountsInIt() => Expect(
        "accepted 1, late 1; TCS quote 2 100 10 100 100 100 none 2021-06-10T04:30:30.0000000Z; "
        + "TCS 1m 2021-06-10T04:30:00.0000000Z 999 999 100 100 20 2",
        Tick("2021-06-10T10:00:30"), Tick("2021-06-10T10:00:00", 999, 20));

    [Fact]
    public void LateTick_IsNotTheNewestThatOthersAreMeasuredBy() => Expect(
        "accepted 1, late 1, tooLate 1",
        Tick("2021-06-10T10:03:00.5"), Tick("2021-06-10T10:01:00"), Tick("2021-06-10T10:00:30"));

    [Fact]
    public void Tick_EqualToOneOfTheLastHundred_IsADuplicate() => Expect(
        "accepted 100, duplicate 1",
        [Tick("2021-06-10T10:00:00"), .. Others(99), Tick("2021-06-10T10:00:00")]);

    [Fact]
    public void Tick_EqualToTheHundredAndFirstBefore_IsKeptAgain() => Expect(
        "accepted 102",
        [Tick("2021-06-10T10:00:00"), .. Others(100), Tick("2021-06-10T10:00:00")]);

    [Fact]
    public void Tick_EqualToALateOne_IsADuplicate() => Expect(
        "accepted 1, duplicate 1, late 1",
        Tick("2021-06-10T10:00:30"), Tick("2021-06-10T10:00:00"), Tick("2021-06-10T10:00:00"));

    [Fact]
    public void Tick_EqualButForTrailingZeros_IsADuplicate() =>
        Expect("accepted 1, duplicate 1", Tick("2021-06-10T10:00:00", 100.5m), Tick("2021-06-10T10:00:00", 100.500m));

    [Fact]
    public void DuplicateThatIsTooLateAsWell_IsADuplicate() => Expect(
        "accepted 2, duplicate 1",
        Tick("2021-06-10T10:00:00"), Tick("2021-06-10T11:00:00"), Tick("2021-06-10T10:00:00"));

    [Fact]
    public void OutOfSessionTick_IsNoDuplicateHoweverOften() =>
        Expect("outOfSession 2", Tick("2021-06-12T10:00:00"), Tick("2021-06-12T10:00:00"));

    [Fact]
    public void FallingVolume_OfAnAcceptedTick_CountsAndAddsNothing() => Expect(
        "accepted 3, volumeReset 1; TCS 1m 2021-06-10T04:30:00.0000000Z 100 100 100 100 60 3",
        Tick("2021-06-10T10:00:00", 100, 50), Tick("2021-06-10T10:00:01", 100, 40),
        Tick("2021-06-10T10:00:02", 100, 60));

    [Fact]
    public void FallingVolume_OfALateTick_IsNotCounted() =>
        Expect("accepted 1, late 1", Tick("2021-06-10T10:00:05", 100, 50), Tick("2021-06-10T10:00:00", 100, 40));

    [Fact]
    public void Volume_OnTheNextDay_StartsAtZero() => Expect(
        "accepted 2; TCS quote 2 90 20 90 90 90 100 2021-06-11T04:30:00.0000000Z; "
        + "TCS 1d 2021-06-11T00:00:00.0000000Z 90 90 90 90 20 1",
        Tick("2021-06-10T10:00:00", 100, 50), Tick("2021-06-11T10:00:00", 90, 20));

    [Fact]
    public void LateTick_OfADayWithoutOthers_HasADayOfItsOwn() => Expect(
        "accepted 2, late 1; TEST-A 1d 2021-06-12T00:00:00.0000000Z 100 100 100 100 10 1",
        Tick("2021-06-11T12:00:00", symbol: "TEST-A"), Tick("2021-06-13T05:30:20", symbol: "TEST-A"),
        Tick("2021-06-13T05:29:50", symbol: "TEST-A"));

    [Fact]
    public void OpenAndClose_GoByEventTimeThenArrival() => Expect(
        "accepted 3, late 1; TCS 1m 2021-06-10T04:30:00.0000000Z 4 4 1 3 10 4",
        Tick("2021-06-10T10:00:20", 1), Tick("2021-06-10T10:00:30", 2), Tick("2021-06-10T10:00:30", 3),
        Tick("2021-06-10T10:00:10", 4));

    [Theory]
    [InlineData("""{"symbol":"TCS","price":0,"volume":1,"eventTime":"2021-06-10T10:00:00+05:30"}""")]
    [InlineData("""{"symbol":"TCS","price":-5,"volume":1,"eventTime":"2021-06-10T10:00:00+05:30"}""")]
    [InlineData("""{"symbol":"TCS","price":1e999,"volume":1,"eventTime":"2021-06-10T10:00:00+05:30"}""")]
    [InlineData("""{"symbol":"TCS","price":"NaN","volume":1,"eventTime":"2021-06-10T10:00:00+05:30"}""")]
    [InlineData("""{"symbol":"TCS","price":1,"volume":-1,"eventTime":"2021-06-10T10:00:00+05:30"}""")]
    [InlineData("""{"symbol":"TCS","price":1,"eventTime":"2021-06-10T10:00:00+05:30"}""")]
    [InlineData("""{"symbol":"TCS","price":1,"volume":1,"eventTime":"2021-06-10T10:00:00"}""")]
    [InlineData("""{"symbol":"TCS","price":1,"volume":1}""")]
    [InlineData("""{"symbol":"","price":1,"volume":1,"eventTime":"2021-06-10T10:00:00+05:30"}""")]
    [InlineData("""{"price":1,"volume":1,"eventTime":"2021-06-10T10:00:00+05:30"}""")]
    [InlineData("not a tick")]
    public void Tick_ThatIsNone_IsRejected(string json) => Expect("rejected 1", json);

    private static void Expect(string expected, params string[] ticks)
    {
        ReferenceMarket reference = new();
        AppMarket app = new();
        foreach (string tick in ticks)
        {
            reference.Take(ReferenceTick.FromJson(tick));
            app.Take([tick]);
        }

        string[] parts = expected.Split("; ");
        foreach (List<string> lines in new[] { ReferenceViews.Of(reference), app.Lines() })
        {
            Assert.Equal(parts[0],
                string.Join(", ", lines.Take(8).Where(l => !l.EndsWith(" 0", StringComparison.Ordinal)
                && !l.StartsWith("received", StringComparison.Ordinal))));
            Assert.All(parts.Skip(1), line => Assert.Contains(line, lines));
        }
    }

    private static string Tick(string time, decimal price = 100, long volume = 10, string symbol = "TCS") =>
        string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"symbol":"{{symbol}}","price":{{price}},"volume":{{volume}},"eventTime":"{{time}}+05:30"}""");

    private static IEnumerable<string> Others(int count) =>
        Enumerable.Range(1, count).Select(i => Tick("2021-06-10T10:00:00", 100 + i));
}
