using FinVault.Portfolios;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios.Alerts;

/// <summary>What fires, when, how often; and what does not.</summary>
public sealed class AlertBookTests
{
    private const long Second = 1_000_000;
    private const long Start = 1_700_000_000 * Second;

    [Fact]
    public void Above_FiresOnce_AtTheFirstTickThatReachesIt_AlsoOverAGap()
    {
        Watch watch = new(new AlertRule("a", AlertKind.Above, "X", 100));

        Assert.Equal("", watch.See(99.99m));
        Assert.Equal("a:1 Done", watch.See(140));
        Assert.Equal("", watch.See(90, 150));
        Assert.Equal(0, watch.Book.Count);
    }

    [Fact]
    public void Below_FiresAtTheThresholdItself()
    {
        Watch watch = new(new AlertRule("a", AlertKind.Below, "X", 100));

        Assert.Equal("", watch.See(100.01m));
        Assert.Equal("a:1 Done", watch.See(100));
    }

    [Theory]
    [InlineData(AlertKind.Above, "98 100 99.6 100 99.4 101 98", "a:1 Fired|a:1 Armed|a:2 Fired|a:2 Armed")]
    [InlineData(AlertKind.Below, "102 100 100.4 100 100.6 99 103", "a:1 Fired|a:1 Armed|a:2 Fired|a:2 Armed")]
    public void RearmingAlert_WaitsUntilThePriceHasGoneBack(AlertKind kind, string prices, string changes)
    {
        Watch watch = new(new AlertRule("a", kind, "X", 100) { Rearms = true, Hysteresis = 0.5m });

        Assert.Equal(changes, watch.See([.. prices.Split(' ').Select(Number)]));
    }

    [Fact]
    public void Rise_IsMeasuredFromTheLowestOfItsWindow()
    {
        Watch watch = new(new AlertRule("a", AlertKind.Rise, "X", 5) { Window = TimeSpan.FromSeconds(3) });

        // A second a tick: when 105 comes, 100 is four seconds ago, and 102 three.
        Assert.Equal("", watch.See(100, 102, 103, 104, 105));
        Assert.Equal("a:1 Done", watch.See(108.2m)); // 5.05 % above 103
    }

    [Fact]
    public void Fall_RearmsWhenItIsLess()
    {
        Watch watch = new(new AlertRule("a", AlertKind.Fall, "X", 10)
        {
            Window = TimeSpan.FromHours(1), Rearms = true, Hysteresis = 2,
        });

        Assert.Equal("a:1 Fired|a:1 Armed|a:2 Fired", watch.See(100, 89, 91.9m, 92.1m, 80));
    }

    [Fact]
    public void Drawdown_OfAPortfolio_IsMeasuredFromItsPeak_WhichIsKept()
    {
        AlertBook book = new(TimeSpan.FromMinutes(1));
        AlertRule rule = new("d", AlertKind.Drawdown, "P", 20) { Rearms = true, Hysteresis = 5 };
        book.Put(rule, new());
        List<AlertChange> changes = [];
        foreach ((decimal index, int i) in new[] { 1m, 1.5m, 1.21m }.Select((index, i) => (index, i)))
        {
            book.SeePortfolio("P", index, Start + i, changes);
        }

        Assert.Empty(changes);
        AlertState stored = book.Find("d")!;
        AlertBook other = new(TimeSpan.FromMinutes(1));
        other.Put(rule, stored);
        other.SeePortfolio("P", 1.2m, Start + 9, changes);
        other.SeePortfolio("P", 1.27m, Start + 10, changes);
        other.SeePortfolio("P", 1.28m, Start + 11, changes);

        Assert.Equal(["d:1 Fired", "d:1 Armed"], changes.Select(Watch.Told));
        Assert.Equal(20, changes[0].Level);
    }

    [Fact]
    public void Ticks_ThatAreStaleOrOutOfOrder_FireNothing()
    {
        AlertBook book = new(TimeSpan.FromSeconds(30));
        book.Put(new("a", AlertKind.Above, "X", 100), new());
        List<AlertChange> changes = [];

        Assert.False(book.See("X", 101, Start, Start + (31 * Second), changes));
        Assert.True(book.See("X", 99, Start + 1, Start, changes));
        Assert.False(book.See("X", 101, Start, Start, changes));
        Assert.False(book.See("Y", 101, Start + 2, Start, changes));
        Assert.Empty(changes);
        Assert.True(book.See("X", 101, Start + 1, Start, changes)); // of the same instant, and later
        Assert.Single(changes);
    }

    [Fact]
    public void Alert_ThatIsTakenOut_DoesNotFire_AndAReplacedOneGoesByItsNewRule()
    {
        Watch watch = new(new AlertRule("a", AlertKind.Above, "X", 100), new AlertRule("b", AlertKind.Above, "X", 100));
        Assert.True(watch.Book.Remove("a"));
        Assert.False(watch.Book.Remove("a"));
        watch.Book.Put(new("b", AlertKind.Above, "X", 120), new(AlertPhase.Armed, 4));

        Assert.Equal("b:5 Done", watch.See(110, 125));
        Assert.Empty(watch.Book.Symbols);
    }

    [Fact]
    public void Restart_FromStoredStates_TellsTheSameFiringsAgain_ByTheSameIds()
    {
        AlertRule rule = new("a", AlertKind.Above, "X", 100) { Rearms = true };
        Watch first = new(rule);
        first.See(101, 90);
        AlertState stored = first.Book.Find("a")!;
        string told = first.See(102);
        Watch again = new(new AlertBook(TimeSpan.FromDays(1)));
        again.Book.Put(rule, stored);

        Assert.Equal("a:2 Fired", told);
        Assert.Equal(told, again.See(102));
    }

    [Fact]
    public void Book_SaysWhatAPlainListSays() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Kind, byte Threshold, bool Rearms)[]>(), ArbMap.Default.ArbFor<byte[]>(),
        (rules, prices) =>
        {
            AlertRule[] all =
            [
                .. rules.Select((one, i) => new AlertRule($"{i}", (AlertKind)(one.Kind % 4), "X",
                    one.Kind % 4 < 2 ? one.Threshold + 1 : (one.Threshold % 90) + 1)
                {
                    Rearms = one.Rearms, Hysteresis = Math.Min(one.Threshold % 7, one.Threshold % 90), Window = TimeSpan.FromSeconds((one.Threshold % 5) + 1),
                }),
            ];
            Watch watch = new(all);
            AlertState[] states = [.. all.Select(_ => new AlertState())];
            for (int i = 0; i < prices.Length; i++)
            {
                List<string> expected = [];
                for (int j = 0; j < all.Length; j++)
                {
                    decimal[] seen = [.. prices.Take(i + 1).TakeLast((int)all[j].Window.TotalSeconds + 1).Select(p => p + 1m)];
                    (AlertState State, bool)[] steps = [.. Plain(all[j], states[j], seen)];
                    expected.AddRange(steps.Select(step => $"{j}:{step.State.Firings} {step.State.Phase}"));
                    states[j] = steps.Length > 0 ? steps[^1].State : states[j];
                }

                Assert.Equal(
                    expected.Order(StringComparer.Ordinal),
                    watch.See(prices[i] + 1m).Split('|', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Tick_ThatFiresNothing_AllocatesNothing()
    {
        AlertBook book = new(TimeSpan.FromDays(1));
        for (int i = 0; i < 10_000; i++)
        {
            decimal threshold = (i % 4) switch { 1 => 1, 3 => 50, _ => 1_000 + i };
            book.Put(new($"{i}", (AlertKind)(i % 4), "X", threshold) { Window = TimeSpan.FromSeconds(60) }, new());
        }

        List<AlertChange> changes = [];
        void Pass(int from, int until)
        {
            for (int i = from; i < until; i++)
            {
                book.See("X", 100 + (i % 7), Start + (i * Second), Start, changes);
            }
        }

        Pass(0, 5_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Pass(5_000, 10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(changes);
    }

    [Fact]
    public void Rules_ThatMakeNoSense_AreRefused()
    {
        Assert.NotNull(new AlertRule("a", AlertKind.Above, "X", 0).Fault());
        Assert.NotNull(new AlertRule("a", AlertKind.Rise, "X", 5).Fault());
        Assert.NotNull(new AlertRule("a", AlertKind.Drawdown, "P", 100).Fault());
        Assert.NotNull(new AlertRule("a", AlertKind.Drawdown, "P", 0.4m) { Rearms = true }.Fault());
        Assert.Throws<ArgumentException>(() => new AlertBook(TimeSpan.FromDays(1)).Put(new("a", AlertKind.Above, "X", -1), new()));
    }

    private static IEnumerable<(AlertState State, bool Rearmed)> Plain(AlertRule rule, AlertState state, decimal[] seen)
    {
        decimal price = seen[^1];
        (decimal level, decimal fires, decimal rearms) = rule.Kind switch
        {
            AlertKind.Above => (price, rule.Threshold, rule.Threshold * (1 - (rule.Hysteresis / 100))),
            AlertKind.Below => (-price, -rule.Threshold, -rule.Threshold * (1 + (rule.Hysteresis / 100))),
            AlertKind.Rise => (100 * ((price / seen.Min()) - 1), rule.Threshold, rule.Threshold - rule.Hysteresis),
            _ => (100 * (1 - (price / seen.Max())), rule.Threshold, rule.Threshold - rule.Hysteresis),
        };
        if (state.Phase == AlertPhase.Fired && level < rearms)
        {
            yield return (state = state with { Phase = AlertPhase.Armed }, true);
        }

        if (state.Phase == AlertPhase.Armed && level >= fires)
        {
            yield return (new(rule.Rearms ? AlertPhase.Fired : AlertPhase.Done, state.Firings + 1), false);
        }
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A book whose ticks of X come a second apart.</summary>
    private sealed class Watch
    {
        private int _ticks;

        public Watch(params AlertRule[] rules)
            : this(new AlertBook(TimeSpan.FromDays(1)))
        {
            foreach (AlertRule rule in rules)
            {
                Book.Put(rule, new());
            }
        }

        public Watch(AlertBook book) => Book = book;

        public AlertBook Book { get; }

        public string See(params decimal[] prices)
        {
            List<AlertChange> changes = [];
            foreach (decimal price in prices)
            {
                Book.See("X", price, Start + (_ticks++ * Second), Start, changes);
            }

            return string.Join('|', changes.Select(Told));
        }

        public static string Told(AlertChange change) => $"{change.FiringId} {change.State.Phase}";
    }
}
