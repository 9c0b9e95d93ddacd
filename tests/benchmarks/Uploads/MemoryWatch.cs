using System.Globalization;

namespace FinVault.Benchmarks.Uploads;

/// <summary>The largest resident memory of a process while something goes on, by looking ten times a second.</summary>
internal static class MemoryWatch
{
    private const double KilobytesAMegabyte = 1024;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>Megabytes that a process has in memory now, from /proc.</summary>
    public static double Now(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        string number = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return double.Parse(number, CultureInfo.InvariantCulture) / KilobytesAMegabyte;
    }

    public static async Task<double> PeakAsync(int process, Task during)
    {
        double peak = Now(process);
        while (!during.IsCompleted)
        {
            await Task.WhenAny(during, Task.Delay(Glance));
            peak = Math.Max(peak, Now(process));
        }

        await during;
        return peak;
    }
}
