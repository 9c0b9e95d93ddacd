using FinVault.Portfolios;
using FinVault.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios.Optimizer;

/// <summary>The published answers, and the conditions that no better portfolio leaves, checked from outside.</summary>
public sealed class OptimizerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static readonly Lazy<AssetReturns> Stocks = new(() => AssetReturns.OfPrices(
    [
        .. ReferenceData.Rows("optimizer", "stock_prices.csv.gz").Skip(1)
            .Select(row => row.Skip(1).Select(ReferenceData.Number).ToArray()),
    ]));

    [SharedDataFact("data", "optimizer")]
    public void MinimumVolatility_IsThePublishedPortfolio() => AssertPublished(
        Of(Stocks.Value, 0.02).MinimumVolatility(), 0.1505682140, 0.1591508451, 0.8204054077);

    [SharedDataFact("data", "optimizer")]
    public void MaximumSharpe_IsThePublishedPortfolio() => AssertPublished(
        Of(Stocks.Value, 0.02).MaximumSharpe(), 0.3047768673, 0.2216556692, 1.2847714127);

    [SharedDataFact("data", "optimizer")]
    public void TargetRisk_MeetsTheFrontierOfTheOthers()
    {
        AllocationPlan sharpest = Of(Stocks.Value, 0.02).MaximumSharpe().Plan!;
        AllocationPlan same = Of(Stocks.Value, 0.02).TargetRisk(sharpest.Volatility).Plan!;

        Assert.Equal(sharpest.Return, same.Return, 7);
        Assert.Equal(UnavailableReason.Infeasible, Of(Stocks.Value).TargetRisk(0.15).Unavailable?.Reason);
        Assert.Contains("0.159151", Of(Stocks.Value).TargetRisk(0.15).Unavailable!.Detail, StringComparison.Ordinal);
        Assert.Equal(1, Of(Stocks.Value).TargetRisk(9).Plan!.Weights.Max());
    }

    [Fact]
    public void Optimizer_LeavesNothingBetter_WithinAnyBoundsAndCaps() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<byte>(),
        (seed, kind) =>
        {
            Random random = new(seed);
            AllocationProblem problem = Bounded(random, random.Next(2, 40));
            PortfolioOptimizer optimizer = new(problem, TimeProvider.System, Long, 0.01);
            AllocationAnswer answer = (kind % 3) switch
            {
                0 => optimizer.MinimumVolatility(),
                1 => optimizer.MaximumSharpe(),
                _ => optimizer.TargetRisk(optimizer.MinimumVolatility().Plan!.Volatility * 1.2),
            };
            AllocationPlan plan = answer.Plan!;
            Assert.True(plan.Certificate is { IsOptimal: true, KktResidual: < 1e-9 }, $"{plan.Certificate}");
            AssertAllowed(problem, plan.Weights);
            AssertNothingBetter(problem, plan, random);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void Optimizer_OutOfTime_AnswersWithAnAllowedPortfolio_AndSaysSo()
    {
        AllocationProblem problem = Bounded(new Random(1), 60);
        AllocationPlan plan = new PortfolioOptimizer(problem, TimeProvider.System, TimeSpan.FromTicks(-1)).MaximumSharpe().Plan!;

        Assert.False(plan.Certificate.IsOptimal);
        Assert.True(plan.Certificate.KktResidual > 1e-6);
        AssertAllowed(problem, plan.Weights);
    }

    [Fact]
    public void Optimizer_WithASingularCovariance_SaysWhatItAdded()
    {
        // Two assets that are one, and fewer days than assets.
        double[][] twins = [[0.04, 0.04, 0.01], [0.04, 0.04, 0.01], [0.01, 0.01, 0.09]];
        AllocationPlan plan = new PortfolioOptimizer(
            AllocationProblem.LongOnly([0.1, 0.1, 0.2], twins) with { Upper = [0.5, 0.5, 1] }, TimeProvider.System, Long)
            .MinimumVolatility().Plan!;

        Assert.Equal(8 / 11.0, plan.Weights[0] + plan.Weights[1], 6);
        Assert.True(plan.Certificate.IsOptimal);
    }

    [Fact]
    public void Optimizer_WhoseBoundsCannotBeMet_SaysWhy()
    {
        AllocationProblem problem = AllocationProblem.LongOnly([0.1, 0.2], [[0.04, 0], [0, 0.09]]);

        Assert.Contains("do not reach 1", Reason(problem with { Upper = [0.5, 0.4] }), StringComparison.Ordinal);
        Assert.Contains("exceed 1", Reason(problem with { Lower = [0.6, 0.6] }), StringComparison.Ordinal);
        Assert.Contains("sector", Reason(problem with { Lower = [0.6, 0], SectorCaps = [0.5] }), StringComparison.Ordinal);
        Assert.Contains("days in common", Reason(problem with { Covariance = [[0.04, double.NaN], [double.NaN, 0.09]] }),
            StringComparison.Ordinal);
        Assert.Contains("sector", Reason(problem with { Sectors = [0, 1] }), StringComparison.Ordinal);
        Assert.Contains("free rate", new PortfolioOptimizer(problem, TimeProvider.System, Long, 0.3)
            .MaximumSharpe().Unavailable!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ShrunkCovariance_IsThatOfItsFormula_AndPositiveDefiniteWithMoreAssetsThanDays()
    {
        // By hand: x = (1, 2), (−1, −2), (2, −1), (−2, 1): S = 2.5 I, so nothing is left to shrink.
        AssetReturns equal = new([[1, 2], [-1, -2], [2, -1], [-2, 1]]);
        (double[][] same, _) = equal.ShrunkCovariance();
        Assert.Equal(2.5 * 252, same[0][0], 9);
        Assert.Equal(0, same[0][1], 9);

        Random random = new(3);
        AssetReturns wide = new([.. Enumerable.Range(0, 20).Select(_ =>
            Enumerable.Range(0, 50).Select(_ => random.NextDouble() - 0.5).ToArray())]);
        (double[][] shrunk, double shrinkage) = wide.ShrunkCovariance();
        Assert.InRange(shrinkage, 0.3, 1);
        Assert.Equal(0, new PortfolioOptimizer(
            AllocationProblem.LongOnly(wide.Mean(), shrunk), TimeProvider.System, Long)
            .MinimumVolatility().Plan!.Certificate.Ridge);
    }

    private static string Reason(AllocationProblem problem) =>
        new PortfolioOptimizer(problem, TimeProvider.System, Long).MinimumVolatility().Unavailable!.Detail;

    private static PortfolioOptimizer Of(AssetReturns returns, double free = 0) =>
        new(AllocationProblem.LongOnly(returns.CompoundMean(), returns.SampleCovariance()), TimeProvider.System, Long, free);

    private static void AssertPublished(AllocationAnswer answer, double earned, double volatility, double sharpe)
    {
        AllocationPlan plan = answer.Plan!;
        Assert.True(plan.Certificate is { IsOptimal: true, KktResidual: < 1e-10, Ridge: 0 }, $"{plan.Certificate}");
        Assert.True(
            Math.Abs(plan.Return - earned) < 1e-6 && Math.Abs(plan.Volatility - volatility) < 1e-6
                && Math.Abs(plan.Sharpe.Value!.Value - sharpe) < 1e-6,
            $"{plan.Return:F10} {plan.Volatility:F10} {plan.Sharpe}");
    }

    private static AllocationProblem Bounded(Random random, int assets)
    {
        double[][] factors = [.. Enumerable.Range(0, assets).Select(_ =>
            Enumerable.Range(0, 3).Select(_ => random.NextDouble() - 0.3).ToArray())];
        double[][] covariance = [.. factors.Select((one, i) => factors.Select((other, j) =>
            (one.Zip(other, (a, b) => a * b).Sum() * 0.05) + (i == j ? 0.01 + (0.02 * i / assets) : 0)).ToArray())];
        int[] sectors = [.. Enumerable.Range(0, assets).Select(i => i % 4)];
        double[] caps = [.. Enumerable.Range(0, 4).Select(_ => 0.4 + (random.NextDouble() * 0.4))];
        return new(
            [.. factors.Select(one => 0.03 + (0.1 * one[0]) + (0.05 * random.NextDouble()))], covariance,
            [.. factors.Select(_ => random.Next(4) == 0 ? 0.2 / assets : 0)],
            [.. factors.Select(_ => Math.Min(1, 0.1 + (random.NextDouble() * 4 / assets) + (assets < 12 ? 1 : 0)))],
            sectors, assets < 5 ? [1, 1, 1, 1] : caps);
    }

    private static void AssertAllowed(AllocationProblem problem, double[] weights)
    {
        Assert.Equal(1, weights.Sum(), 10);
        Assert.All(weights, (weight, i) => Assert.InRange(weight, problem.Lower[i] - 1e-12, problem.Upper[i] + 1e-12));
        Assert.All(problem.SectorSums(weights), (sum, i) => Assert.True(sum <= problem.SectorCaps[i] + 1e-10));
    }

    /// <summary>Moves a little weight between any two assets, where that is allowed: the goal must not gain by it.</summary>
    private static void AssertNothingBetter(AllocationProblem problem, AllocationPlan plan, Random random)
    {
        double best = Score(problem, plan, plan.Weights);
        for (int i = 0; i < 300; i++)
        {
            double[] other = [.. plan.Weights];
            (int from, int to) = (random.Next(other.Length), random.Next(other.Length));
            double amount = random.NextDouble() * (i % 2 == 0 ? 0.1 : 0.001);
            other[from] -= amount;
            other[to] += amount;
            bool allowed = other[from] >= problem.Lower[from] && other[to] <= problem.Upper[to]
                && problem.SectorSums(other)[problem.Sectors[to]] <= problem.SectorCaps[problem.Sectors[to]];
            Assert.True(from == to || !allowed || Score(problem, plan, other) <= best + 1e-9);
        }
    }

    /// <summary>Higher is better. A return above the target's risk pays what its λ says.</summary>
    private static double Score(AllocationProblem problem, AllocationPlan plan, double[] weights)
    {
        double variance = weights.Select((weight, i) => weight * weights.Zip(problem.Covariance[i], (a, b) => a * b).Sum()).Sum();
        double earned = weights.Zip(problem.Mean, (weight, mean) => weight * mean).Sum();
        return plan.Goal switch
        {
            AllocationGoal.MinimumVolatility => -Math.Sqrt(variance),
            AllocationGoal.MaximumSharpe => (earned - 0.01) / Math.Sqrt(variance),
            _ => Math.Sqrt(variance) <= plan.Volatility + 1e-13 ? earned : double.NegativeInfinity,
        };
    }
}
