using System.Globalization;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Ticks;

/// <summary>How many ticks FinVault ingests, and what they cost in the store.</summary>
internal static class TicksBenchmark
{
    // As many as the peers take.
    private const int PeerTicks = 200_000;
    private const int MatrixTicks = 200_000;

    private const string Heading =
        "| partitions | symbols | ticks an event | ticks/s | ticks a CPU-s | RU a tick | of it commits "
        + "| operations a tick | ticks a commit | CPU s | append CPU s | bytes a tick | GC pauses s |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|---|---|";

    private static readonly (int Partitions, int Symbols)[] Matrix =
        [(1, 50), (4, 50), (8, 50), (32, 50), (4, 500), (1, 5_000), (4, 5_000), (8, 5_000), (32, 5_000)];

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, [.. TicksCase.OptionNames, "runs", "rounds", "matrix?", "peers?"]);
        TicksCase what = TicksCase.From(options);
        if (what.Recording is null)
        {
            await Console.Error.WriteLineAsync("No recorded ticks here: the ticks are made up.");
        }

        (List<TicksResult> results, List<PeerRun> peers) = options.Has("peers")
            ? await TicksPeers.RunAsync(what with { Ticks = PeerTicks }, options.Number("rounds", 3))
            : (options.Has("matrix") ? await MatrixAsync(what, options) : await RepeatAsync(what, options.Number("runs", 1)), []);
        Console.WriteLine(Figures.ToJson(new
        {
            TicksPerSecond = results.Select(r => r.TicksPerSecond).Median().Rounded(),
            RuPerTick = results.Select(r => r.UnitsPerTick).Median().Rounded(),
            OperationsPerTick = results.Select(r => r.OperationsPerTick).Median().Rounded(),
            CpuSeconds = results.Select(r => r.CpuSeconds).Median().Rounded(),
            TicksPerCpuSecond = results.Select(r => r.TicksPerWholeCpuSecond).Median().Rounded(),
            PostgresTicksPerCpuSecond = TicksPeers.PerCpuSecond(peers, "ingest PostgreSQL"),
            GroupedRedisTicksPerCpuSecond = TicksPeers.PerCpuSecond(peers, "ingest Redis grouped"),
        }));
    }

    public static async Task<TicksResult> RunOnceAsync(TicksCase what)
    {
        Progress progress = new($"ticks: {what}");
        await using Child server = Child.Start(Child.ServerCore, TicksServer.Name, what.ToArguments());
        TicksResult result = Figures.FromJson<TicksResult>(await server.AnswerAsync(progress));
        progress.Report(1);
        return result;
    }

    private static string Row(TicksCase what, IReadOnlyCollection<TicksResult> runs)
    {
        string Of(Func<TicksResult, double> figure) => runs.Select(figure).ToArray().Range();
        string[] cells =
        [
            $"{what.Partitions}", what.Symbols.ToString("N0", CultureInfo.InvariantCulture), $"{what.TicksPerEvent}",
            Of(r => r.TicksPerSecond), Of(r => r.TicksPerCpuSecond), Of(r => r.UnitsPerTick),
            Of(r => r.CommitUnits / r.Ticks), Of(r => r.OperationsPerTick), Of(r => (double)r.Ticks / r.Commits),
            Of(r => r.CpuSeconds), Of(r => r.AppendCpuSeconds), Of(r => (double)r.BytesAllocated / r.Ticks),
            Of(r => r.GcPauseSeconds),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static async Task<List<TicksResult>> RepeatAsync(TicksCase what, int runs)
    {
        List<TicksResult> results = [];
        while (results.Count < runs)
        {
            results.Add(await RunOnceAsync(what));
        }

        Console.WriteLine($"{Heading}\n{Row(what, results)}");
        return results;
    }

    private static async Task<List<TicksResult>> MatrixAsync(TicksCase what, Options options)
    {
        what = options.Has("ticks") ? what : what with { Ticks = MatrixTicks };
        List<TicksResult> all = [];
        Console.WriteLine(Heading);
        foreach ((int partitions, int symbols) in Matrix)
        {
            TicksCase one = what with { Partitions = partitions, Symbols = symbols };
            List<TicksResult> results = [];
            while (results.Count < options.Number("runs", 1))
            {
                results.Add(await RunOnceAsync(one));
            }

            Console.WriteLine(Row(one, results));
            all.AddRange(results);
        }

        return all;
    }
}
