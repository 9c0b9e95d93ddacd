using System.Diagnostics;
using System.Globalization;

namespace FinVault.Benchmarks.Harness;

/// <summary>CPU seconds of processes between two moments, from /proc, and what strangers used meanwhile.</summary>
internal sealed class Cpu
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double PerSecond = 100;

    private readonly int[] _processes;
    private readonly double[] _before;
    private readonly double _machine;
    private readonly long _started = Stopwatch.GetTimestamp();

    private Cpu(int[] processes) =>
        (_processes, _before, _machine) = (processes, [.. processes.Select(Of)], Machine());

    public static Cpu Start(params int[] processes) => new(processes);

    /// <summary>Seconds of each process, and of everything else by the clock's seconds.</summary>
    public (double[] Seconds, double OthersShare) Stop()
    {
        double[] used = [.. _processes.Zip(_before, (process, before) => Of(process) - before)];
        double others = Machine() - _machine - used.Sum();
        return (used, Math.Max(0, others) / Stopwatch.GetElapsedTime(_started).TotalSeconds);
    }

    private static double Of(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / PerSecond;
    }

    // user nice system idle iowait irq softirq steal
    private static double Machine()
    {
        double[] times = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Select(Number)];
        return (times[0] + times[1] + times[2] + times[5] + times[6] + times[7]) / PerSecond;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
