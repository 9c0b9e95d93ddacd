namespace FinVault.Portfolios;

/// <summary>How much an investor wants to, and can, see values move.</summary>
public enum RiskProfile
{
    Conservative,
    Cautious,
    Balanced,
    Growth,
    Aggressive,
}

/// <summary>What a profile means for a portfolio.</summary>
/// <param name="Goal">What is sought.</param>
/// <param name="Volatility">Of a year, where the goal is a risk.</param>
/// <param name="LargestAsset">The most that one asset may weigh.</param>
/// <param name="LargestSector">The most that one sector may weigh.</param>
public sealed record ProfileLimits(AllocationGoal Goal, double Volatility, double LargestAsset, double LargestSector)
{
    public static ProfileLimits Of(RiskProfile profile) => profile switch
    {
        RiskProfile.Conservative => new(AllocationGoal.MinimumVolatility, 0, 0.10, 0.25),
        RiskProfile.Cautious => new(AllocationGoal.TargetRisk, 0.12, 0.15, 0.30),
        RiskProfile.Balanced => new(AllocationGoal.TargetRisk, 0.16, 0.20, 0.35),
        RiskProfile.Growth => new(AllocationGoal.MaximumSharpe, 0, 0.25, 0.40),
        RiskProfile.Aggressive => new(AllocationGoal.TargetRisk, 0.25, 0.35, 0.50),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, null),
    };

    /// <summary>
    /// The best portfolio within the limits. Where they leave too little room for the assets there are, they are
    /// widened to what can be met; where a target is below the least risk, the least risk is the answer.
    /// </summary>
    /// <param name="mean">Expected yearly returns.</param>
    /// <param name="covariance">Of yearly returns.</param>
    /// <param name="sectors">An index from 0 for each asset.</param>
    /// <param name="time">Measures the limit.</param>
    /// <param name="limit">When to stop with what there is.</param>
    /// <param name="riskFree">Of a year.</param>
    public AllocationAnswer Optimise(
        double[] mean, double[][] covariance, int[] sectors, TimeProvider time, TimeSpan limit, double riskFree)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(sectors);
        int groups = sectors.Max() + 1;
        double asset = Math.Max(LargestAsset, 1.0 / mean.Length);
        AllocationProblem problem = new(
            mean, covariance, new double[mean.Length], [.. mean.Select(_ => asset)], sectors,
            [.. Enumerable.Repeat(LargestSector, groups)]);
        if (problem.Fault() is not null)
        {
            problem = problem with { SectorCaps = [.. Enumerable.Repeat(1.0, groups)] };
        }

        PortfolioOptimizer optimizer = new(problem, time, limit, riskFree);
        AllocationAnswer answer = Goal switch
        {
            AllocationGoal.MaximumSharpe => optimizer.MaximumSharpe(),
            AllocationGoal.TargetRisk => optimizer.TargetRisk(Volatility),
            _ => optimizer.MinimumVolatility(),
        };
        return answer.Plan is null ? optimizer.MinimumVolatility() : answer;
    }
}
