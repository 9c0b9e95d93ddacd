using System.Globalization;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Fanout;

/// <summary>The runs of a benchmark, and of the peer in between, as tables.</summary>
internal sealed class FanoutTable
{
    private readonly List<(FanoutRun Run, PeerRun? Peer)> _runs = [];

    public void Add(FanoutRun run, PeerRun? peer) => _runs.Add((run, peer));

    public object Result(int clients)
    {
        FanoutRun[] runs = [.. _runs.Select(r => r.Run).Where(r => r.Clients == clients)];
        double[] peers = [.. _runs.Where(r => r.Run.Clients == clients && r.Peer is not null)
            .Select(r => r.Peer!.Figures["deliveries_per_cpu_s"])];
        return new
        {
            clients,
            deliveriesPerCpuSecond = runs.Select(r => r.Delivered.Messages / r.ServerCpu).Median().Rounded(),
            peerDeliveriesPerCpuSecond = peers.Length == 0 ? (double?)null : peers.Median().Rounded(),
            p50Ms = runs.Select(r => r.Delivered.TickP50).Median().Rounded(),
            p99Ms = runs.Select(r => r.Delivered.TickP99).Median().Rounded(),
            lost = runs.Sum(r => r.Delivered.Lost),
        };
    }

    public void Print()
    {
        Console.WriteLine(
            "| case | runs | messages | messages a CPU-s | ticks they stand for | those a CPU-s "
            + "| messages a client and second | billed units of 2 KB | bytes a message "
            + "| tick p50 ms | tick p99 ms | quote p50 ms | quote p99 ms | lost | dropped for slow clients "
            + "| server CPU s | load CPU s | others' cores |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var group in _runs.GroupBy(r => (r.Run.Clients, r.Run.Rate)))
        {
            string Of(Func<FanoutRun, double> figure) => group.Select(r => figure(r.Run)).ToArray().Range();
            string[] cells =
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"FinVault, {group.Key.Clients:N0} clients, {group.Key.Rate} ticks/s"),
                $"{group.Count()}",
                Of(r => r.Delivered.Messages), Of(r => r.Delivered.Messages / r.ServerCpu), Of(r => r.Delivered.Ticks),
                Of(r => r.Delivered.Ticks / r.ServerCpu), Of(r => (double)r.Delivered.Messages / r.Clients / r.Seconds),
                Of(r => (double)r.Delivered.Units / r.Clients / r.Seconds),
                Of(r => (double)r.Delivered.Bytes / Math.Max(1, r.Delivered.Messages)), Of(r => r.Delivered.TickP50), Of(r => r.Delivered.TickP99),
                Of(r => r.Delivered.QuoteP50), Of(r => r.Delivered.QuoteP99), Of(r => r.Delivered.Lost),
                Of(r => r.Delivered.Conflated), Of(r => r.ServerCpu), Of(r => r.LoadCpu), Of(r => r.OthersShare),
            ];
            Console.WriteLine($"| {string.Join(" | ", cells)} |");
        }

        PrintPeers();
    }

    private void PrintPeers()
    {
        if (_runs.All(r => r.Peer is null))
        {
            return;
        }

        Console.WriteLine(
            "\n| peer | messages a CPU-s | p50 ms | p99 ms | undelivered | FinVault's messages a CPU-s by it "
            + "| FinVault's ticks a CPU-s by it |\n"
            + "|---|---|---|---|---|---|---|");
        foreach (var group in _runs.Where(r => r.Peer is not null).GroupBy(r => r.Peer!.Case))
        {
            string Of(Func<FanoutRun, PeerRun, double> figure) =>
                group.Select(r => figure(r.Run, r.Peer!)).ToArray().Range();
            string[] cells =
            [
                group.Key,
                Of((_, p) => p.Figures["deliveries_per_cpu_s"]), Of((_, p) => p.Figures["p50_ms"]),
                Of((_, p) => p.Figures["p99_ms"]), Of((_, p) => p.Figures["undelivered"]),
                Of((r, p) => r.Delivered.Messages / r.ServerCpu / p.Figures["deliveries_per_cpu_s"]),
                Of((r, p) => r.Delivered.Ticks / r.ServerCpu / p.Figures["deliveries_per_cpu_s"]),
            ];
            Console.WriteLine($"| {string.Join(" | ", cells)} |");
        }
    }
}
