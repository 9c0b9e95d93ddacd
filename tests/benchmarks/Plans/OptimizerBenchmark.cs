using System.Diagnostics;
using System.Text.Json;
using FinVault.Benchmarks.Harness;
using FinVault.Portfolios;

namespace FinVault.Benchmarks.Plans;

/// <summary>
/// What plans and alerts take in memory: the optimiser to its certificate, a rebalancing plan, alerts by the tick. All
/// on made-up markets, on one thread; stores and HTTP are not in it.
/// </summary>
internal static class OptimizerBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "assets", "runs", "alerts");
        int assets = options.Number("assets", 1_000);
        int runs = options.Number("runs", 7);
        double optimiser = Optimise(assets, runs);
        double plan = RebalanceP95(200, 500);
        double ticks = AlertTicks(options.Number("alerts", 100_000));
        Console.WriteLine($"\nrebalancing plan of 200 holdings: p95 {plan:F2} ms; ticks past the alerts: {ticks:N0} a second");
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            assets,
            optimiser1000Ms = Math.Round(optimiser, 1),
            rebalancePlanP95Ms = Math.Round(plan, 3),
            alertTicksPerSecond = Math.Round(ticks),
        }));
        return Task.CompletedTask;
    }

    /// <summary>Milliseconds of the estimate and the slowest goal's median; prints each goal's.</summary>
    public static double Optimise(int assets, int runs)
    {
        AssetReturns returns = new(MadeUpMarket.Returns(assets, 504));
        Stopwatch watch = Stopwatch.StartNew();
        (double[][] covariance, double shrinkage) = returns.ShrunkCovariance();
        double estimate = watch.Elapsed.TotalMilliseconds;
        Console.Error.WriteLine($"{assets} assets, 504 days, shrinkage {shrinkage:F4}, {estimate:F0} ms to estimate");

        AllocationProblem free = AllocationProblem.LongOnly(returns.Mean(), covariance);
        AllocationProblem bound = free with
        {
            Upper = [.. free.Mean.Select(_ => Math.Max(0.02, 2.0 / assets))],
            Sectors = [.. free.Mean.Select((_, i) => i % 11)],
            SectorCaps = [.. Enumerable.Repeat(0.15, 11)],
        };
        Console.WriteLine("| problem | goal | median ms | worst ms | iterations | assets held | KKT residual |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        double worst = 0;
        foreach ((string name, AllocationProblem problem) in new[] { ("long only", free), ("2 % an asset, 15 % a sector", bound) })
        {
            foreach (AllocationGoal goal in Enum.GetValues<AllocationGoal>())
            {
                worst = Math.Max(worst, Solve(name, problem, goal, runs));
            }
        }

        return worst + estimate;
    }

    private static double Solve(string name, AllocationProblem problem, AllocationGoal goal, int runs)
    {
        AllocationPlan? plan = null;
        double[] times = [.. Enumerable.Range(0, runs).Select(_ =>
        {
            Stopwatch watch = Stopwatch.StartNew();
            PortfolioOptimizer optimizer = new(problem, TimeProvider.System, Limit, 0.02);
            plan = (goal switch
            {
                AllocationGoal.MinimumVolatility => optimizer.MinimumVolatility(),
                AllocationGoal.MaximumSharpe => optimizer.MaximumSharpe(),
                _ => optimizer.TargetRisk(0.12),
            }).Plan;
            return watch.Elapsed.TotalMilliseconds;
        }).Order()];
        Console.WriteLine(
            $"| {name} | {goal} | {times[runs / 2]:F0} | {times[^1]:F0} | {plan?.Certificate.Iterations} | "
            + $"{plan?.Weights.Count(weight => weight > 0)} | {plan?.Certificate.KktResidual:G2} |");
        return times[runs / 2];
    }

    private static double RebalanceP95(int holdings, int runs)
    {
        Random random = new(11);
        double[] times = [.. Enumerable.Range(0, runs).Select(_ =>
        {
            RebalanceHolding[] held = [.. Enumerable.Range(0, holdings).Select(i => MadeUpMarket.Holding(random, $"S{i}"))];
            RebalanceRules rules = new(held.ToDictionary(one => one.Symbol, _ => 1m / holdings)) { Band = 0.001m };
            long started = Stopwatch.GetTimestamp();
            Rebalancing.Plan(held, 10_000_000, "INR", rules, new(2024, 6, 15));
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }).Order()];
        return times[runs * 95 / 100];
    }

    /// <summary>Alerts of every kind on 50 symbols whose prices wander among them, so that some fire.</summary>
    public static double AlertTicks(int alerts)
    {
        Random random = new(13);
        AlertBook book = new(TimeSpan.FromDays(1));
        for (int i = 0; i < alerts; i++)
        {
            AlertKind kind = (AlertKind)(i % 4);
            decimal threshold = kind switch
            {
                AlertKind.Above => 100 + (decimal)random.NextDouble() * 100,
                AlertKind.Below => 100 - (decimal)random.NextDouble() * 50,
                _ => 1 + (decimal)random.NextDouble() * 20,
            };
            book.Put(
                new($"A{i}", kind, $"S{i / 4 % 50}", threshold) { Rearms = true, Window = TimeSpan.FromMinutes((i / 200 % 4) + 1) },
                new());
        }

        const int Ticks = 2_000_000;
        decimal[] prices = [.. Enumerable.Repeat(100m, 50)];
        string[] symbols = [.. Enumerable.Range(0, 50).Select(i => $"S{i}")];
        List<AlertChange> changes = [];
        long fired = 0;
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < Ticks; i++)
        {
            int symbol = i % 50;
            prices[symbol] *= 1 + ((random.Next(2_001) - 1_000) / 2_000_000m);
            book.See(symbols[symbol], prices[symbol], i * 20L, i * 20L, changes);
            fired += changes.Count;
            changes.Clear();
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.Error.WriteLine($"{alerts:N0} alerts, {fired:N0} changes in {Ticks:N0} ticks");
        return Ticks / seconds;
    }
}
