using System.Globalization;

namespace FinVault.Tests.Market.Reference;

/// <summary>
/// A small feed with everything that a bad one does, made from numbers: the same numbers make the same feed, and fewer
/// numbers a shorter one, so that a failing feed can be shortened.
/// </summary>
internal static class NastyFeed
{
    private static readonly string[] Symbols = ["RELIANCE", "TCS", "TEST-ONE"];
    private static readonly string[] GoodPrices =
        ["100", "100.5", "99.95", "100.50", "0.05", "1e2", "123456789.123456789"];
    private static readonly string[] BadPrices = ["0", "-1", "-0.0", "1e400", "\"100\"", "null", "\"NaN\"", "[1]"];
    private static readonly string[] BadVolumes = ["-1", "1.5", "\"7\"", "null", "1e30", "{}"];
    private static readonly string[] BadTimes =
    [
        "\"2021-06-10T10:00:00\"", "\"2021-06-10\"", "\"yesterday\"", "1623300000", "null", "\"2021-13-45T10:00:00Z\"",
    ];

    private static readonly string[] Unreadable =
        ["{", "nonsense", "42", "null", "{}", "\"TCS\"", "{\"symbol\":7}", "{\"symbol\":\"TCS\"} {}", "{\"price\":1,}"];

    // Three trading days, one of them after a weekend, a Saturday and a holiday.
    private static readonly DateTime[] Days =
        [new(2021, 6, 10), new(2021, 6, 11), new(2021, 6, 14), new(2021, 6, 12), new(2021, 4, 14)];

    /// <summary>A tick as JSON for each number. Some repeat one before.</summary>
    public static List<string> Ticks(IEnumerable<int> numbers)
    {
        List<string> ticks = [];
        DateTime clock = Days[0].AddHours(10);
        foreach (Random random in numbers.Select(n => new Random(n)))
        {
            clock = Advance(clock, random);
            bool repeats = ticks.Count > 0 && random.Next(5) == 0;
            ticks.Add(repeats ? ticks[^Math.Min(ticks.Count, Back(random))] : Tick(clock, random));
        }

        return ticks;
    }

    // Mostly a step of seconds; now and then a minute, an hour, or on to another day.
    private static DateTime Advance(DateTime clock, Random random) => random.Next(60) switch
    {
        0 => Days[random.Next(3)].AddHours(10),
        1 => clock.AddHours(1),
        2 or 3 => clock.AddMinutes(random.Next(4)),
        _ => clock.AddSeconds(random.Next(5)),
    };

    private static int Back(Random random) => random.Next(4) == 0 ? random.Next(1, 150) : random.Next(1, 6);

    private static string Tick(DateTime clock, Random random)
    {
        if (random.Next(25) == 0)
        {
            return Unreadable[random.Next(Unreadable.Length)];
        }

        string symbol = Symbols[random.Next(Symbols.Length)];
        string price = OneIn(30, random) ? Any(BadPrices, random) : Any(GoodPrices, random);
        string volume = OneIn(30, random)
            ? Any(BadVolumes, random)
            : random.Next(1_000).ToString(CultureInfo.InvariantCulture) + (OneIn(9, random) ? ".0" : "");
        string time = OneIn(40, random) ? Any(BadTimes, random) : Stamp(clock, symbol, random);
        return $$"""{"symbol":"{{symbol}}","price":{{price}},"volume":{{volume}},"""
            + $$"""
            "eventTime":{{time}},"more":[{"x":1}]}
            """;
    }

    // In Indian time for exchange symbols, around the end of a lateness of two minutes, or at an edge of the session.
    private static string Stamp(DateTime clock, string symbol, Random random)
    {
        DateTime local = random.Next(20) switch
        {
            0 => DateTime.UnixEpoch,
            1 => Days[random.Next(Days.Length)].AddHours(16).AddSeconds(random.Next(-1, 2)),
            2 => Days[random.Next(Days.Length)].AddHours(9).AddSeconds(random.Next(-1, 2)),
            3 => Days[random.Next(Days.Length)].AddHours(10),
            4 => clock.AddMilliseconds(-random.Next(200_000)),
            5 or 6 => clock.AddSeconds(-random.Next(240)),
            7 => clock.AddSeconds(-random.Next(10)),
            _ => clock,
        };
        string zone = symbol[0] == 'T' && symbol[1] == 'E' ? "Z" : "+05:30";
        return string.Create(CultureInfo.InvariantCulture, $"\"{local:yyyy-MM-ddTHH:mm:ss.FFF}{zone}\"");
    }

    private static bool OneIn(int count, Random random) => random.Next(count) == 0;

    private static string Any(string[] values, Random random) => values[random.Next(values.Length)];
}
