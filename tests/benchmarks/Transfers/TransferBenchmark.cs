using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Transfers;

/// <summary>What a transfer costs, beside the same transfer in PostgreSQL under SELECT … FOR UPDATE.</summary>
internal static class TransferBenchmark
{
    private const string Heading =
        "| case | transfers/s | transfers a CPU-s | p50 ms | p99 ms | requests a transfer | KB a transfer |\n"
        + "|---|---|---|---|---|---|---|";

    private const string PeerHeading =
        "| peer | transfers/s | transfers a CPU-s of all processes | FinVault's by it | transfers a PostgreSQL CPU-s "
        + "| FinVault's by it |\n|---|---|---|---|---|---|";

    // The quicker way of the two comes last: the one that is reported.
    private static readonly string[] Ways = ["statements", "function"];
    private static readonly string[] Skews = [TransferCase.Uniform, TransferCase.Zipf];

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "accounts", "seconds", "rounds", "alone?");
        bool alone = options.Has("alone");
        if (!alone)
        {
            PeerRun.Require();
        }

        ILookup<string, (TransferResult Ours, PeerRun[] Theirs)> rounds =
            (await RoundsAsync(options, alone)).ToLookup(round => round.Skew, round => (round.Ours, round.Theirs));
        Print(rounds, alone);
        Console.WriteLine(Figures.ToJson(new
        {
            TransfersPerSecond = Ours(rounds[TransferCase.Uniform]),
            SkewedTransfersPerSecond = Ours(rounds[TransferCase.Zipf]),
            PeerTransfersPerSecond = Theirs(rounds[TransferCase.Uniform]),
            PeerSkewedTransfersPerSecond = Theirs(rounds[TransferCase.Zipf]),
            TrialBalance = rounds.SelectMany(skew => skew).Sum(round => round.Ours.TrialBalance),
        }));
    }

    private static async Task<List<(string Skew, TransferResult Ours, PeerRun[] Theirs)>> RoundsAsync(
        Options options, bool alone)
    {
        List<(string, TransferResult, PeerRun[])> rounds = [];
        int count = options.Number("rounds", 3);
        for (int round = 1; round <= count; round++)
        {
            foreach (string skew in Skews)
            {
                TransferResult ours = await RunOnceAsync(
                    new(options.Number("accounts", 1_000), skew, options.Number("seconds", 10)));
                await Console.Error.WriteLineAsync(
                    $"round {round} of {count}, {skew}: {ours.PerCpuSecond.Shown()} transfers a CPU-s");
                List<PeerRun> theirs = [];
                foreach (string way in alone ? [] : Ways)
                {
                    theirs.Add(await PeerRun.StartAsync("escrow", way, skew));
                    await Console.Error.WriteLineAsync($"{theirs[^1].Case}: {OfAll(theirs[^1]).Shown()}");
                }

                rounds.Add((skew, ours, [.. theirs]));
            }
        }

        return rounds;
    }

    private static async Task<TransferResult> RunOnceAsync(TransferCase what)
    {
        Progress progress = new($"ledger: {what.Skew}");
        await using Child server = Child.Start(Child.ServerCore, TransferServer.Name, what.ToArguments());
        TransferResult result = Figures.FromJson<TransferResult>(await server.AnswerAsync(progress));
        progress.Report(1);
        return result;
    }

    /// <summary>
    /// FinVault's process is caller, ledger and store in one, so the peer's client, which makes the transfer out of
    /// statements, counts as well.
    /// </summary>
    private static double OfAll(PeerRun peer)
    {
        double seconds = peer.Figures["transfers"] / peer.Figures["transfers_per_s"];
        double cpu = peer.Figures["postgres_cpu_s"] + (peer.Figures["load_core_share"] * seconds);
        return peer.Figures["transfers"] / cpu;
    }

    private static double? Ours(IEnumerable<(TransferResult Ours, PeerRun[] Theirs)> rounds) =>
        rounds.Select(round => round.Ours.PerCpuSecond).Median().Rounded();

    private static double? Theirs(IEnumerable<(TransferResult Ours, PeerRun[] Theirs)> rounds) =>
        rounds.Any(round => round.Theirs.Length == 0)
            ? null
            : rounds.Select(round => OfAll(round.Theirs[^1])).Median().Rounded();

    private static void Print(ILookup<string, (TransferResult Ours, PeerRun[] Theirs)> rounds, bool alone)
    {
        Console.WriteLine(Heading);
        foreach (string skew in Skews)
        {
            TransferResult[] ours = [.. rounds[skew].Select(round => round.Ours)];
            string Of(Func<TransferResult, double> figure) => ours.Select(figure).ToArray().Range();
            Console.WriteLine(
                $"| FinVault, {skew} | {Of(r => r.PerSecond)} | {Of(r => r.PerCpuSecond)} | {Of(r => r.P50Ms)} "
                + $"| {Of(r => r.P99Ms)} | {Of(r => (double)r.Requests / r.Transfers)} "
                + $"| {Of(r => r.BytesAllocated / 1024.0 / r.Transfers)} |");
        }

        if (alone)
        {
            return;
        }

        Console.WriteLine($"\n{PeerHeading}");
        foreach ((string skew, int way) in Skews.SelectMany(skew => Ways.Select((_, way) => (skew, way))))
        {
            PeerRun[] theirs = [.. rounds[skew].Select(round => round.Theirs[way])];
            double[] ours = [.. rounds[skew].Select(round => round.Ours.PerCpuSecond)];
            double[] all = [.. theirs.Select(OfAll)];
            double[] server = [.. theirs.Select(peer => peer.Figures["transfers_per_postgres_cpu_s"])];
            // Round by round, since a busy minute of the machine slows both.
            double[] byAll = [.. ours.Zip(all, (our, their) => our / their)];
            double[] byServer = [.. ours.Zip(server, (our, their) => our / their)];
            Console.WriteLine(
                $"| {theirs[0].Case} | {theirs.Select(p => p.Figures["transfers_per_s"]).ToArray().Range()} "
                + $"| {all.Range()} | {byAll.Range()} | {server.Range()} | {byServer.Range()} |");
        }
    }
}
