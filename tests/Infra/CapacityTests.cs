using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>The table of infra/capacity.md is what its inputs come to.</summary>
public sealed partial class CapacityTests
{
    private const double HoursAMonth = 730;
    private const double DaysAMonth = 30;
    private const double AutoscaleFloor = 0.1;
    private const double MessageBytes = 2_048;

    private static readonly string Text = File.ReadAllText(Repository.PathTo("infra", "capacity.md"));

    private readonly JsonElement _inputs = JsonElement.Parse(Block().Match(Text).Groups["json"].Value);

    private double SessionHours => In("sessionHours") * In("sessionDays");

    [Fact]
    public void Table_IsWhatTheInputsComeTo()
    {
        string[] rows = [.. _inputs.GetProperty("scenarios").EnumerateArray().Select(Row)];

        Assert.True(rows.Length >= 4);
        Assert.All(rows, row => Assert.Contains($"\n{row}\n", Text, StringComparison.Ordinal));
        Assert.Equal(rows.Length, ResultRow().Count(Text));
    }

    /// <summary>What it says was measured stands in the benchmarks' README.</summary>
    [Fact]
    public void Measurements_AreThoseOfTheBenchmarks()
    {
        string measured = File.ReadAllText(Repository.PathTo("tests", "benchmarks", "README.md"));

        string row = string.Create(CultureInfo.InvariantCulture, $"| {In("ticksACpuSecond"):N0} | {In("ruATickWorst")} |");
        Assert.Contains(row, measured, StringComparison.Ordinal);
        Assert.All(["requestsACpuSecond", "packedACpuSecond", "ruALook"], name => Assert.Contains(
            In(name).ToString("N0", CultureInfo.InvariantCulture), measured, StringComparison.Ordinal));
    }

    private string Row(JsonElement scenario)
    {
        double Of(string name) => scenario.GetProperty(name).GetDouble();
        double users = Of("users"), ticks = Of("ticks"), memory = Of("memory");
        bool packed = scenario.GetProperty("packed").GetBoolean();
        double seconds = SessionHours * 3600;
        double asked = users * Requests(ticks, packed), onMean = users * Requests(ticks * In("meanOfPeakTicks"), packed);
        double boards = users * In("shareConnected") * In("atBoard") * seconds / In("boardSeconds");
        double requests = (onMean * In("shareConnected") * seconds) + boards;
        double cores = memory / 2 * In("busy");

        // Portfolios are told in rounds, too, packed or not.
        double looks = 1 / In("packedSeconds");
        double lists = users * (((In("atBoard") + In("atWatchlist") + In("atSymbol")) * (packed ? looks : 0)) + (In("atPortfolio") / In("portfolioSeconds")));
        double ticked = 1 - Math.Exp(-ticks / In("symbols") / looks);
        double looking = looks * (In("cpuALook") + (In("cpuALookOfAll") * ticked));
        double ingest = AtLeastOne(((ticks / In("ticksACpuSecond")) + (lists / In("packedACpuSecond"))) / (cores - looking));
        double http = AtLeastOne(asked / (In("requestsACpuSecond") * cores));

        double atPeak = Messages(ticks, packed), onAverage = Messages(ticks * In("meanOfPeakTicks"), packed);
        double units = Bought(Math.Max(users / In("connectionsAUnit"), users * atPeak / In("messagesAUnitSecond")));
        double sent = users * In("shareConnected") * onAverage * seconds;
        double billed = Math.Max(0, sent - (units * In("messagesIncludedADay") * DaysAMonth)) / 1e6;
        double signalR = (units * In("unitMonth")) + (billed * In("millionMessages"));

        double looked = ingest * looks * In("ruALook");
        double ticksUnits = Thousands(ticks * In("ruATickWorst")), usersUnits = Thousands((asked * In("ruARequest")) + looked);
        double cosmos = Autoscale(ticksUnits, ticks * In("ruATick"))
            + Autoscale(usersUnits, (onMean * In("ruARequest") * In("shareConnected")) + looked)
            + (Of("gigabytes") * In("gigabyteMonth"));

        double throughput = Math.Max(AtLeastOne(ticks * In("bytesATick") / 1e6), Math.Ceiling(ticks / In("ticksAnEvent") / 1000));
        double events = ticks * In("meanOfPeakTicks") / In("ticksAnEvent") * seconds / 1e6;
        double hubs = (throughput * In("throughputUnitMonth")) + (events * In("millionEvents"));

        double busy = (ingest * seconds) + (http * seconds * In("shareConnected")) + (In("backgroundInstances") * HoursAMonth * 3600);
        double calls = ((Of("partitions") * In("batchesASecond") * seconds) + requests) / 1e6;
        double functions = (busy * memory * In("gbSecond")) + (calls * In("millionCalls"))
            + (memory * HoursAMonth * 3600 * In("readyGbSecond"));

        double kilobytes = ((requests - boards) * In("kilobytesAnAnswer")) + (boards * In("boardKilobytes"));
        double edge = In("frontDoorMonth") + (requests / 1e6 * In("millionRequests")) + (kilobytes / 1e6 * In("gigabyteOut"))
            + In("restMonth");
        double logged = In("logBytesARecord") + (In("logBytesALine") / In("linesOneIn"));
        double logs = Math.Min(requests * logged / 1e9, In("logGigabytesADay") * DaysAMonth) * In("gigabyteLogs");
        double all = signalR + cosmos + hubs + functions + edge + logs;
        string cost = (all / (users * In("registeredPerConcurrent"))).ToString("0.000", CultureInfo.InvariantCulture);
        double[] cells =
            [units, ticksUnits, usersUnits, throughput, ingest, http, signalR, cosmos, hubs, functions, edge, logs, all];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {scenario.GetProperty("name").GetString()} | {atPeak:F2} | {onAverage:F2} | ")
            + string.Join(" | ", cells.Select(cell => Math.Round(cell).ToString("N0", CultureInfo.InvariantCulture))) + $" | {cost} |";
    }

    // What a user asks for a second: where several ticks came between two messages, a symbol's page asks for them, at a pace.
    private double Requests(double ticks, bool packed)
    {
        double seconds = packed ? In("packedSeconds") : In("windowSeconds");
        double came = ticks / In("symbols") * In("popular") * seconds;
        double several = (1 - (Math.Exp(-came) * (1 + came))) / seconds;
        return In("requestsAUserSecond") + (In("atSymbol") / (In("healSeconds") + (1 / several)));
    }

    // What a connection is billed a second, over all that people look at; ticks come as they like (Poisson).
    private double Messages(double ticks, bool packed)
    {
        double rate = ticks / In("symbols") * In("popular"), one = Paced(rate, In("windowSeconds"));
        double List(double rows) => packed ? Paced(rows * rate, In("packedSeconds")) : rows * one;

        double held = In("holdings") * rate, portfolioSeconds = In("portfolioSeconds");
        double bytes = In("portfolioBytes") + (In("holdings") * (1 - Math.Exp(-rate * portfolioSeconds)) * In("holdingBytes"));
        double portfolio = Paced(held, portfolioSeconds) * Math.Max(1, bytes / MessageBytes);
        return (In("atBoard") * (List(In("boardRows")) + (In("boardAnswerUnits") / In("saySeconds"))))
            + (In("atWatchlist") * (List(In("watchlistRows")) + (In("watchlistAnswerUnits") / In("saySeconds"))))
            + (In("atSymbol") * List(1)) + (In("atPortfolio") * portfolio);
    }

    // How often a second something is sent that has changed at this rate, at most once in so many seconds.
    private static double Paced(double rate, double seconds) => (1 - Math.Exp(-rate * seconds)) / seconds;

    // Up to ten units one by one, then by tens.
    private static double Bought(double units) => Math.Ceiling(units) <= 10 ? Math.Ceiling(units) : Math.Ceiling(units / 10) * 10;

    private static double AtLeastOne(double units) => Math.Max(1, Math.Ceiling(units));

    private double Autoscale(double most, double used)
    {
        double rest = most * AutoscaleFloor;
        double hours = (SessionHours * Math.Max(used, rest)) + ((HoursAMonth - SessionHours) * rest);
        return hours / 100 * In("hundredRuHour");
    }

    private double In(string name) => _inputs.GetProperty(name).GetDouble();

    private static double Thousands(double units) => Math.Max(1000, Math.Ceiling(units / 1000) * 1000);

    [GeneratedRegex(@"```json\n(?<json>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\| [\d,]+ users, .*\|$", RegexOptions.Multiline)]
    private static partial Regex ResultRow();
}
