using FinVault.Market.Calendar;
using FinVault.Market.Rules;
using FinVault.Portfolios;

namespace FinVault.Local.Feed;

/// <summary>
/// A made-up past of the demo symbols in daily bars, from a seed: it ends at the prices that the feed begins with. A
/// symbol moves with the market, with its sector and by itself. It is reckoned backwards, so that a day so and so long ago
/// has the same prices whenever the demo is started.
/// </summary>
internal static class DemoPast
{
    /// <summary>Trading days of the first exchange that it covers: a recommendation looks at 504 returns between them.</summary>
    public const int TradingDays = 505;

    /// <summary>A bonus issue, which prices that nobody adjusts follow: so many new units for one.</summary>
    public const string BonusSymbol = "TEST-COBALT";
    public const decimal BonusRatio = 0.1m;

    private const int Seed = 504_252;

    /// <summary>Apart by more than there are symbols, so that no two series come from the same numbers.</summary>
    private const int SeedOfSectors = Seed + 1_000;
    private const int SeedOfSymbols = Seed + 2_000;
    private const int SeedOfVolumes = Seed + 3_000;

    /// <summary>The feed itself sends the close of the day before today.</summary>
    private const int FirstDaysAgo = 2;

    /// <summary>Of the calendar, which hold the trading days.</summary>
    private const int LongestDays = 800;

    private const double DaysOfAYear = 365;
    private const double MarketVolatility = 0.13;
    private const double SectorVolatility = 0.08;

    private static readonly Sectors Sectors = Sectors.Load();

    /// <summary>The last day that it covers.</summary>
    public static DateOnly LastDay(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime).AddDays(-FirstDaysAgo);

    /// <summary>A symbol's close on a day so and so many days ago, two at least.</summary>
    public static decimal CloseOf(string symbol, int daysAgo, DateTimeOffset now) =>
        Closes(DemoFeed.Symbols.Single(one => one.Name == symbol), LastDay(now)).ElementAt(daysAgo - FirstDaysAgo);

    /// <summary>When the bonus issue was: on a Sunday, on which no snapshot would have to go by a price of before it.</summary>
    public static int BonusDaysAgo(DateTimeOffset now) => BonusDaysAgo(LastDay(now));

    /// <summary>The bars of a symbol, the last first: every day of the calendar, as it trades around the clock.</summary>
    /// <param name="last">The day of the first of them.</param>
    /// <param name="exchange">Whose trading days are counted.</param>
    public static IEnumerable<Bar> BarsOf(DemoSymbol symbol, DateOnly last, Exchange exchange)
    {
        using IEnumerator<decimal> closes = Closes(symbol, last).GetEnumerator();
        Random random = new(SeedOfVolumes + Place(symbol));
        closes.MoveNext();
        decimal close = closes.Current;
        // The day before the first of the trading days counts, too: their snapshots may go by its close.
        for ((DateOnly day, int left) = (last, TradingDays); left >= 0; day = day.AddDays(-1))
        {
            left -= exchange.IsTradingDay(day) ? 1 : 0;
            closes.MoveNext();
            yield return Bar(symbol, day, closes.Current, close, random);
            close = closes.Current;
        }
    }

    /// <summary>Closes, the last first.</summary>
    private static IEnumerable<decimal> Closes(DemoSymbol symbol, DateOnly last)
    {
        Random own = new(SeedOfSymbols + Place(symbol));
        double drift = (-0.06 + (0.28 * own.NextDouble())) / DaysOfAYear;
        double beta = 0.6 + (0.8 * own.NextDouble());
        double volatility = 0.1 + (0.14 * own.NextDouble());
        double day = 1 / Math.Sqrt(DaysOfAYear);
        double[] market = Steps(new(Seed));
        double[] sector = Steps(new(SeedOfSectors + Sectors.Names.ToList().IndexOf(Sectors.Of(symbol.Name)!)));
        double[] itself = Steps(own);
        double price = symbol.Anchor;
        for (int i = 0; i < LongestDays; i++)
        {
            yield return Math.Max(1, Math.Round((decimal)price)) / 100;
            bool isBonus = symbol.Name == BonusSymbol && i + FirstDaysAgo == BonusDaysAgo(last);
            price *= isBonus ? 1 + (double)BonusRatio : 1;
            price /= Math.Exp(drift + (day * (
                (beta * MarketVolatility * market[i]) + (SectorVolatility * sector[i]) + (volatility * itself[i]))));
        }
    }

    private static int BonusDaysAgo(DateOnly last) => 98 + (int)last.AddDays(FirstDaysAgo).DayOfWeek;

    private static Bar Bar(DemoSymbol symbol, DateOnly day, decimal open, decimal close, Random random)
    {
        decimal Beyond(decimal price, int sign) => Math.Round(price * (1 + (sign * 0.006m * (decimal)random.NextDouble())), 2);
        long start = TradingDay.Starting(day).Bar.Start;
        double seconds = TimeSpan.FromDays(1).TotalSeconds;
        long volume = (long)(symbol.VolumePerSecond * seconds * (0.6 + (0.8 * random.NextDouble())));
        return new Bar(
            start, open, Beyond(Math.Max(open, close), 1), Math.Max(0.01m, Beyond(Math.Min(open, close), -1)), close,
            volume, (long)(symbol.TicksPerSecond * seconds), Math.Round((open + close) / 2 * volume, 2),
            start, start + ((long)seconds * Micros.PerSecond) - 1);
    }

    private static int Place(DemoSymbol symbol) => DemoFeed.Symbols.ToList().IndexOf(symbol);

    /// <summary>Normal steps that come back to where they began: chance alone would make everybody rich, or poor.</summary>
    private static double[] Steps(Random random)
    {
        double[] steps = new double[LongestDays];
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
        }

        double mean = steps.Average();
        return [.. steps.Select(step => step - mean)];
    }
}
