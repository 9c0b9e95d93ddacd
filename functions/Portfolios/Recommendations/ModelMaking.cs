namespace FinVault.Portfolios;

/// <summary>Makes a model portfolio that says what it rests on. Pure but for the clock that bounds its time (PF-16).</summary>
internal static class ModelMaking
{
    private const int FewestAssets = 2;
    private const double Reached = 1e-9;

    private const string Method =
        "Long-only mean-variance (Markowitz) by an active-set method, exact to its certificate. An asset's return is the mean "
        + "of its daily returns × 252; C is the sample covariance × 252, drawn to equal variances by the shrinkage of Ledoit "
        + "and Wolf (2004). The portfolio's return is Σ wᵢrᵢ, its volatility √(wᵀCw), its Sharpe ratio (return − free rate) ÷ "
        + "volatility. Closes are not adjusted for splits and dividends.";

    /// <summary>No portfolio is worth more than this.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static ModelPortfolio Make(
        RiskProfile? profile, string currency, AllocationLimits limits, ModelInput input, TimeProvider time)
    {
        if (input.Assets.Count < FewestAssets)
        {
            return None(profile, currency, limits, input, time, new(
                UnavailableReason.TooShort,
                $"Fewer than {FewestAssets} assets in {currency} have {ModelAssets.FewestReturns} daily returns to compare."));
        }

        (double[][] covariance, double shrinkage) = input.Returns.ShrunkCovariance();
        double[] mean = input.Returns.Mean();
        LimitedAnswer found = new LimitedAllocation(limits, time, Limit).Optimise(input.Assets, mean, covariance);
        if (found.Answer.Plan is not { } plan)
        {
            return None(profile, currency, limits, input, time, found.Answer.Unavailable!);
        }

        int[] held =
        [
            .. Enumerable.Range(0, mean.Length).Where(i => plan.Weights[i] > 0)
                .OrderByDescending(i => plan.Weights[i]).ThenBy(i => input.Assets[i].Symbol, StringComparer.Ordinal),
        ];
        double[] slope = [.. covariance.Select(row => VectorMath.Dot(row, plan.Weights))];
        double variance = plan.Volatility * plan.Volatility;
        return None(profile, currency, limits, input, time, null) with
        {
            Limits = InForce(limits, found),
            Return = plan.Return,
            Volatility = plan.Volatility,
            Sharpe = plan.Sharpe,
            Shrinkage = shrinkage,
            Certificate = plan.Certificate,
            Weights =
            [
                .. held.Select(i => new ModelWeight(
                    input.Assets[i].Symbol, input.Assets[i].Sector, plan.Weights[i], mean[i], Math.Sqrt(covariance[i][i]),
                    plan.Weights[i] * slope[i] / variance)),
            ],
            Sectors = SectorsOf(found, plan),
            Binding = [.. Binding(limits, input.Assets, found, plan)],
            Covariance = [.. held.Select(i => held.Select(j => covariance[i][j]).ToArray())],
        };
    }

    /// <summary>Weights alone, for a decision of a back-test: of the assets that have all returns; null for no answer.</summary>
    public static double[]? Decide(
        AllocationLimits limits, IReadOnlyList<ModelAsset> assets, AssetReturns returns, TimeProvider time)
    {
        int[] whole = [.. Enumerable.Range(0, returns.Assets).Where(i => returns.Daily.All(day => !double.IsNaN(day[i])))];
        if (whole.Length < FewestAssets)
        {
            return null;
        }

        AssetReturns some = new([.. returns.Daily.Select(day => whole.Select(i => day[i]).ToArray())]);
        AllocationPlan? plan = new LimitedAllocation(limits, time, Limit)
            .Optimise([.. whole.Select(i => assets[i])], some.Mean(), some.ShrunkCovariance().Covariance).Answer.Plan;
        double[] weights = new double[returns.Assets];
        for (int i = 0; i < whole.Length && plan is not null; i++)
        {
            weights[whole[i]] = plan.Weights[i];
        }

        return plan is null ? null : weights;
    }

    private static ModelPortfolio None(
        RiskProfile? profile, string currency, AllocationLimits limits, ModelInput input, TimeProvider time, Unavailable? why) =>
        new(
            profile, currency, time.GetUtcNow(),
            input.Days.Count < 2 ? null : new(input.Days[0], input.Days[^1], input.Returns.Daily.Length),
            InForce(limits, null), null, null, null, null, null, [], [], [], [], input.LeftOut, Method, why);

    private static ModelLimits InForce(AllocationLimits limits, LimitedAnswer? found) => new(
        limits.Goal, limits.Volatility, limits.LargestAsset, limits.LargestSector, limits.SectorCaps, limits.Bounds,
        limits.RiskFree, limits.IsStrict, found?.Goal ?? limits.Goal, found?.LargestAsset ?? limits.LargestAsset,
        found?.Problem is { } problem
            ? found.SectorNames.Zip(problem.SectorCaps).ToDictionary(pair => pair.First, pair => pair.Second)
            : limits.SectorCaps,
        found?.Widened ?? []);

    private static ModelSector[] SectorsOf(LimitedAnswer found, AllocationPlan plan) =>
    [
        .. found.SectorNames
            .Zip(found.Problem!.SectorSums(plan.Weights), found.Problem.SectorCaps)
            .Where(one => one.Second > 0).OrderByDescending(one => one.Second)
            .Select(one => new ModelSector(one.First, one.Second, one.Third)),
    ];

    private static IEnumerable<BindingLimit> Binding(
        AllocationLimits limits, IReadOnlyList<ModelAsset> assets, LimitedAnswer found, AllocationPlan plan)
    {
        AllocationProblem problem = found.Problem!;
        if (plan.Goal == AllocationGoal.TargetRisk && plan.Volatility >= limits.Volatility * (1 - Reached))
        {
            yield return new(BindingKind.Volatility, "portfolio", limits.Volatility);
        }

        foreach (((string sector, double sum), double cap) in found.SectorNames.Zip(problem.SectorSums(plan.Weights)).Zip(problem.SectorCaps))
        {
            if (cap < 1 && sum >= cap - Reached)
            {
                yield return new(BindingKind.Sector, sector, cap);
            }
        }

        for (int i = 0; i < assets.Count; i++)
        {
            if (problem.Upper[i] < 1 && plan.Weights[i] >= problem.Upper[i] - Reached)
            {
                yield return new(BindingKind.GreatestWeight, assets[i].Symbol, problem.Upper[i]);
            }
            else if (problem.Lower[i] > 0 && plan.Weights[i] <= problem.Lower[i] + Reached)
            {
                yield return new(BindingKind.LeastWeight, assets[i].Symbol, problem.Lower[i]);
            }
        }
    }
}
