using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Attempts;

/// <summary>What an attempt costs over HTTP, and that as many win as there are prizes; beside Redis and PostgreSQL.</summary>
internal static class AttemptsBenchmark
{
    // As the peer's load.js has it.
    private const int Attempts = 5_000;
    private const int Prizes = 100;
    private const int Giveaways = 5;

    private const string Heading =
        "| case | attempts/s | attempts a CPU-s | FinVault's by it | p50 ms | p99 ms | others' cores |\n|---|---|---|---|---|---|---|";

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "rounds", "alone?");
        bool alone = options.Has("alone");
        if (!alone)
        {
            PeerRun.Require();
        }

        List<AttemptsRun> ours = [];
        List<PeerRun> theirs = [];
        int rounds = options.Number("rounds", 3);
        for (int round = 1; round <= rounds; round++)
        {
            ours.Add(await RunOnceAsync());
            await Console.Error.WriteLineAsync($"round {round} of {rounds}: {ours[^1].PerCpuSecond.Shown()} attempts a CPU-s");
            if (!alone)
            {
                theirs.Add(await PeerRun.StartAsync("attempts"));
                await Console.Error.WriteLineAsync($"{theirs[^1].Case}: {PerCpuSecond(theirs[^1]).Shown()}");
            }
        }

        Print(ours, theirs);
        Console.WriteLine(Figures.ToJson(new
        {
            AttemptsPerSecond = ours.Select(run => run.PerCpuSecond).Median().Rounded(),
            PeerAttemptsPerSecond = alone ? (double?)null : theirs.Select(PerCpuSecond).Median().Rounded(),
            ours[^1].Prizes,
            ours[^1].Winners,
        }));
    }

    private static async Task<AttemptsRun> RunOnceAsync()
    {
        using RunFolder folder = new();
        await using Child server = Child.Start(Child.ServerCore, AttemptsServer.Name, "--folder", folder.Path);
        string address = await server.AnswerAsync();
        await using Child load = Child.Start(
            Child.LoadCore, AttemptsLoad.Name, "--folder", folder.Path, "--address", address);
        await load.AnswerAsync();
        await StampedeAsync(server, load, await GiveawayAsync(server));
        List<AttemptsSeen> seen = [];
        (double used, double others) = (0, 0);
        for (int giveaway = 0; giveaway < Giveaways; giveaway++)
        {
            string id = await GiveawayAsync(server);
            Cpu cpu = Cpu.Start(server.Id, load.Id);
            seen.Add(await StampedeAsync(server, load, id));
            (double[] seconds, double strangers) = cpu.Stop();
            (used, others) = (used + seconds[0], Math.Max(others, strangers));
        }

        return new(
            seen.Sum(one => one.Attempts) / seen.Sum(one => one.Seconds), seen.Sum(one => one.Attempts) / used,
            seen.Select(one => one.P50Ms).Median(), seen.Select(one => one.P99Ms).Median(), others, Prizes,
            seen.Sum(one => one.Wins) / Giveaways);
    }

    private static Task<string> GiveawayAsync(Child server) => server.AskAsync($"giveaway {Attempts} {Prizes}");

    private static async Task<AttemptsSeen> StampedeAsync(Child server, Child load, string giveaway)
    {
        AttemptsSeen seen = Figures.FromJson<AttemptsSeen>(await load.AskAsync(giveaway));
        AttemptsCount count = Figures.FromJson<AttemptsCount>(await server.AskAsync($"count {giveaway}"));
        return (seen.Wins, seen.Failures, count) == (Prizes, 0, new AttemptsCount(Prizes, Prizes, 0))
            ? seen
            : throw new InvalidOperationException($"Not exactly {Prizes} won: {seen}, the store has {count}.");
    }

    private static double PerCpuSecond(PeerRun peer) => peer.Figures["attempts_per_cpu_s"];

    private static void Print(List<AttemptsRun> ours, List<PeerRun> theirs)
    {
        Console.WriteLine(Heading);
        string Of(Func<AttemptsRun, double> figure) => ours.Select(figure).ToArray().Range();
        Console.WriteLine(
            $"| FinVault, {Attempts:N0} attempts on {Prizes} prizes | {Of(r => r.PerSecond)} | {Of(r => r.PerCpuSecond)} | 1 "
            + $"| {Of(r => r.P50Ms)} | {Of(r => r.P99Ms)} | {Of(r => r.OthersShare)} |");
        if (theirs.Count > 0)
        {
            string Their(string figure) => theirs.Select(peer => peer.Figures[figure]).ToArray().Range();
            double[] ratios = [.. ours.Zip(theirs, (our, their) => our.PerCpuSecond / PerCpuSecond(their))];
            Console.WriteLine(
                $"| {theirs[0].Case} | {Their("attempts_per_s")} | {Their("attempts_per_cpu_s")} | {ratios.Range()} "
                + $"| {Their("p50_ms")} | {Their("p99_ms")} | {Their("others_core_share")} |");
        }
    }
}

/// <summary>One run: five giveaways after one to warm up. Winners are of each giveaway; it fails if any has others.</summary>
internal sealed record AttemptsRun(
    double PerSecond, double PerCpuSecond, double P50Ms, double P99Ms, double OthersShare, int Prizes, int Winners);
