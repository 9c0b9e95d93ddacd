using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Ticks;

/// <summary>The same ticks into FinVault, PostgreSQL and Redis, in turns.</summary>
internal static class TicksPeers
{
    private static readonly string[][] Peers = [["batch", "1000"], ["redis", "1000"], ["redis-grouped", "1000"]];

    public static async Task<(List<TicksResult> Ours, List<PeerRun> Theirs)> RunAsync(TicksCase what, int rounds)
    {
        PeerRun.Require();
        using RunFolder folder = new();
        string recording = what.Recording ?? TickSource.WriteMadeUp(folder);
        what = what with { Recording = recording };
        List<TicksResult> ours = [];
        List<PeerRun> theirs = [];
        for (int round = 1; round <= rounds; round++)
        {
            await Console.Error.WriteLineAsync($"round {round} of {rounds}");
            ours.Add(await TicksBenchmark.RunOnceAsync(what));
            foreach (string[] peer in Peers)
            {
                theirs.Add(await PeerRun.StartAsync("ingest", peer[0], peer[1], $"{what.Symbols}", recording));
                await Console.Error.WriteLineAsync(
                    $"{theirs[^1].Case}: {theirs[^1].Figures["ticks_per_cpu_s"].Shown()} ticks a CPU-s");
            }
        }

        Print(what, ours, theirs);
        return (ours, theirs);
    }

    /// <summary>The median of a peer's rounds, by the beginning of its name; null without it.</summary>
    public static double? PerCpuSecond(IEnumerable<PeerRun> peers, string name)
    {
        double[] rates = [.. peers.Where(peer => peer.Case.StartsWith(name, StringComparison.Ordinal))
            .Select(peer => peer.Figures["ticks_per_cpu_s"])];
        return rates.Length == 0 ? null : rates.Median().Rounded();
    }

    private static void Print(TicksCase what, List<TicksResult> ours, List<PeerRun> theirs)
    {
        // A peer's CPU is its server's and its client's, which hands it the ticks: so ours counts putting them in the
        // hub.
        double[] perCpu = [.. ours.Select(r => r.TicksPerWholeCpuSecond)];
        Console.WriteLine("| case | ticks/s | ticks a CPU-s | FinVault's ticks a CPU-s by it |\n|---|---|---|---|");
        string perSecond = ours.Select(r => r.TicksPerSecond).ToArray().Range();
        Console.WriteLine($"| FinVault, {what} | {perSecond} | {perCpu.Range()} | 1 |");
        foreach (IGrouping<string, PeerRun> peer in theirs.GroupBy(t => t.Case))
        {
            double[] rates = [.. peer.Select(p => p.Figures["ticks_per_cpu_s"])];
            // Round by round, since a busy minute of the machine slows both.
            double[] ratios = [.. perCpu.Zip(rates, (our, their) => our / their)];
            perSecond = peer.Select(p => p.Figures["ticks_per_s"]).ToArray().Range();
            Console.WriteLine($"| {peer.Key} | {perSecond} | {rates.Range()} | {ratios.Range()} |");
        }
    }
}
