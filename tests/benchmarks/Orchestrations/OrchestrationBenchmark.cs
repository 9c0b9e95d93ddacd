using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Orchestrations;

/// <summary>What an orchestration of five activities costs, beside five jobs that follow each other in BullMQ.</summary>
internal static class OrchestrationBenchmark
{
    // Redis answers when it is on disk in the second, as FinVault does; the first may lose a second's jobs.
    private static readonly string[] Ways = ["everysec", "always"];

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "count", "rounds", "alone?");
        bool alone = options.Has("alone");
        if (!alone)
        {
            PeerRun.Require();
        }

        List<OrchestrationResult> ours = [];
        List<PeerRun[]> theirs = [];
        int rounds = options.Number("rounds", 3);
        for (int round = 1; round <= rounds; round++)
        {
            ours.Add(await RunOnceAsync(options.Number("count", 10_000)));
            await Console.Error.WriteLineAsync(
                $"round {round} of {rounds}: {ours[^1].PerCpuSecond.Shown()} orchestrations a CPU-s");
            List<PeerRun> peers = [];
            foreach (string way in alone ? [] : Ways)
            {
                peers.Add(await PeerRun.StartAsync("jobs", way));
                await Console.Error.WriteLineAsync($"{peers[^1].Case}: {OfAll(peers[^1]).Shown()}");
            }

            theirs.Add([.. peers]);
        }

        Print(ours, theirs, alone);
        Console.WriteLine(Figures.ToJson(new
        {
            OrchestrationsPerSecond = ours.Select(r => r.PerCpuSecond).Median().Rounded(),
            PeerOrchestrationsPerSecond =
                alone ? (double?)null : theirs.Select(peers => OfAll(peers[^1])).Median().Rounded(),
        }));
    }

    private static async Task<OrchestrationResult> RunOnceAsync(int count)
    {
        Progress progress = new("orchestrations");
        await using Child server = Child.Start(Child.ServerCore, OrchestrationServer.Name, "--count", $"{count}");
        OrchestrationResult result = Figures.FromJson<OrchestrationResult>(await server.AnswerAsync(progress));
        progress.Report(1);
        return result;
    }

    /// <summary>FinVault's process starts its orchestrations itself, so the peer's client counts as well.</summary>
    private static double OfAll(PeerRun peer)
    {
        double load = peer.Figures["load_core_share"] * peer.Figures["seconds"];
        double orchestrations = peer.Figures["orchestrations_per_s"] * peer.Figures["seconds"];
        return orchestrations / (peer.Figures["server_cpu_s"] + load);
    }

    private static void Print(List<OrchestrationResult> ours, List<PeerRun[]> theirs, bool alone)
    {
        string Of(Func<OrchestrationResult, double> figure) => ours.Select(figure).ToArray().Range();
        Console.WriteLine(
            "| case | orchestrations/s | orchestrations a CPU-s | KB allocated each | KB on disk each |\n|---|---|---|---|---|");
        Console.WriteLine(
            $"| FinVault | {Of(r => r.PerSecond)} | {Of(r => r.PerCpuSecond)} "
            + $"| {Of(r => r.BytesAllocated / 1024.0 / r.Orchestrations)} "
            + $"| {Of(r => r.BytesOnDisk / 1024.0 / r.Orchestrations)} |");
        if (alone)
        {
            return;
        }

        Console.WriteLine(
            "\n| peer | orchestrations/s | orchestrations a CPU-s of all processes | FinVault's by it "
            + "| orchestrations a server CPU-s | FinVault's by it |\n|---|---|---|---|---|---|");
        for (int way = 0; way < Ways.Length; way++)
        {
            PeerRun[] peers = [.. theirs.Select(round => round[way])];
            double[] all = [.. peers.Select(OfAll)];
            double[] server = [.. peers.Select(peer => peer.Figures["orchestrations_per_cpu_s"])];
            double[] byAll = [.. ours.Zip(all, (our, their) => our.PerCpuSecond / their)];
            double[] byServer = [.. ours.Zip(server, (our, their) => our.PerCpuSecond / their)];
            Console.WriteLine(
                $"| {peers[0].Case} | {peers.Select(p => p.Figures["orchestrations_per_s"]).ToArray().Range()} "
                + $"| {all.Range()} | {byAll.Range()} | {server.Range()} | {byServer.Range()} |");
        }
    }
}
