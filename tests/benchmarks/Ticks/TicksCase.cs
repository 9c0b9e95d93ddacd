using System.Globalization;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Ticks;

/// <summary>One case of the benchmark.</summary>
internal sealed record TicksCase(int Partitions, int Symbols, int Ticks, int TicksPerEvent, string? Recording)
{
    public static readonly string[] OptionNames = ["partitions", "symbols", "ticks", "ticks-per-event", "recording"];

    public static TicksCase From(Options options) => new(
        options.Number("partitions", 4),
        options.Number("symbols", 50),
        options.Number("ticks", 388_390),
        options.Number("ticks-per-event", 1),
        options.Text("recording") ?? Places.Recording);

    public string[] ToArguments()
    {
        string[] numbers = [.. new[] { Partitions, Symbols, Ticks, TicksPerEvent }
            .Select(n => n.ToString(CultureInfo.InvariantCulture))];
        return
        [
            "--partitions", numbers[0], "--symbols", numbers[1], "--ticks", numbers[2], "--ticks-per-event", numbers[3],
            .. Recording is null ? Array.Empty<string>() : ["--recording", Recording],
        ];
    }

    public override string ToString() => $"{Partitions} partitions, {Symbols} symbols, {TicksPerEvent} ticks an event";
}

/// <summary>What a run measured.</summary>
/// <param name="Ticks">Ticks that were in the hub.</param>
/// <param name="Seconds">From the host's start to the last commit.</param>
/// <param name="CpuSeconds">Of the whole process, until it had drained: rings and bars that are stored behind the
/// commits are in it.</param>
/// <param name="AppendCpuSeconds">Of putting the ticks into the hub before; not in <paramref
/// name="CpuSeconds"/>.</param>
/// <param name="RequestUnits">Of every request to Cosmos.</param>
/// <param name="Operations">Requests to Cosmos; a transaction is one.</param>
/// <param name="Commits">Transactions on boards.</param>
/// <param name="CommitUnits">Their request units; the rest is rings, bars and starting.</param>
/// <param name="BytesAllocated">On the managed heap.</param>
/// <param name="GcPauseSeconds">Time in which collections stopped the process.</param>
internal sealed record TicksResult(
    int Ticks, double Seconds, double CpuSeconds, double AppendCpuSeconds, double RequestUnits, long Operations,
    long Commits, double CommitUnits, long BytesAllocated, double GcPauseSeconds)
{
    public double TicksPerSecond => Ticks / Seconds;

    public double TicksPerCpuSecond => Ticks / CpuSeconds;

    /// <summary>With what putting them into the hub cost, as a peer's CPU has its client's.</summary>
    public double TicksPerWholeCpuSecond => Ticks / (CpuSeconds + AppendCpuSeconds);

    public double UnitsPerTick => RequestUnits / Ticks;

    public double OperationsPerTick => (double)Operations / Ticks;
}
