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
        Assert.Contains(In("requestsACpuSecond").ToString("N0", CultureInfo.InvariantCulture), measured, StringComparison.Ordinal);
    }

    private string Row(JsonElement scenario)
    {
        double Of(string name) => scenario.GetProperty(name).GetDouble();
        double users = Of("users"), ticks = Of("ticks"), messages = Of("messages"), memory = Of("memory");
        double seconds = SessionHours * 3600, asked = users * In("requestsAUserSecond");
        double requests = asked * In("shareConnected") * seconds;

        double units = Math.Max(Math.Ceiling(users / In("connectionsAUnit")), Math.Ceiling(users * messages / In("messagesAUnitSecond")));
        double sent = users * In("shareConnected") * messages * seconds;
        double billed = Math.Max(0, sent - (units * In("messagesIncludedADay") * DaysAMonth)) / 1e6;
        double signalR = (units * In("unitMonth")) + (billed * In("millionMessages"));

        double ticksUnits = Thousands(ticks * In("ruATickWorst")), usersUnits = Thousands(asked * In("ruARequest"));
        double cosmos = Autoscale(ticksUnits, ticks * In("ruATick"))
            + Autoscale(usersUnits, asked * In("ruARequest") * In("shareConnected")) + (Of("gigabytes") * In("gigabyteMonth"));

        double throughput = Math.Max(
            Math.Max(1, Math.Ceiling(ticks * In("bytesATick") / 1e6)), Math.Ceiling(ticks / In("ticksAnEvent") / 1000));
        double events = ticks * In("meanOfPeakTicks") / In("ticksAnEvent") * seconds / 1e6;
        double hubs = (throughput * In("throughputUnitMonth")) + (events * In("millionEvents"));

        double cores = memory / 2 * In("busy");
        double ingest = Math.Max(1, Math.Ceiling(ticks / (In("ticksACpuSecond") * cores)));
        double http = Math.Max(1, Math.Ceiling(asked / (In("requestsACpuSecond") * cores)));
        double busy = (ingest * seconds) + (http * seconds * In("shareConnected")) + (In("backgroundInstances") * HoursAMonth * 3600);
        double calls = ((Of("partitions") * In("batchesASecond") * seconds) + requests) / 1e6;
        double functions = (busy * memory * In("gbSecond")) + (calls * In("millionCalls"))
            + (memory * HoursAMonth * 3600 * In("readyGbSecond"));

        double edge = In("frontDoorMonth") + (requests / 1e6 * (In("millionRequests") + (In("kilobytesAnAnswer") * In("gigabyteOut"))))
            + In("restMonth");
        double logs = Math.Min(requests * In("logBytesARequest") / 1e9, In("logGigabytesADay") * DaysAMonth) * In("gigabyteLogs");
        double all = signalR + cosmos + hubs + functions + edge + logs;
        string cost = (all / (users * In("registeredPerConcurrent"))).ToString("0.###", CultureInfo.InvariantCulture);
        IEnumerable<double> cells =
            [units, ticksUnits, usersUnits, throughput, ingest, http, signalR, cosmos, hubs, functions, edge, logs, all];
        return $"| {scenario.GetProperty("name").GetString()} | "
            + string.Join(" | ", cells.Select(cell => Math.Round(cell).ToString("N0", CultureInfo.InvariantCulture))) + $" | {cost} |";
    }

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
