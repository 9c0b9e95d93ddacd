using System.Globalization;
using System.Text.Json.Serialization;

namespace FinVault.Portfolios;

/// <summary>The least and the most that an asset may weigh; parts of 1.</summary>
public sealed record WeightBounds(double Least, double Greatest);

/// <summary>An asset, and the sector that its weight counts for; null where none is known.</summary>
public sealed record ModelAsset(string Symbol, string? Sector);

/// <summary>What a portfolio should be, whatever assets there are.</summary>
/// <param name="Goal">What is sought.</param>
/// <param name="Volatility">Of a year, where the goal is a risk; else 0.</param>
/// <param name="LargestAsset">The most that one asset may weigh.</param>
/// <param name="LargestSector">The most that one sector may weigh; with 1, and no other caps, no sector is needed.</param>
public sealed record AllocationLimits(AllocationGoal Goal, double Volatility, double LargestAsset, double LargestSector)
{
    /// <summary>Caps of single sectors, in the place of <see cref="LargestSector"/>.</summary>
    public IReadOnlyDictionary<string, double> SectorCaps { get; init; } = new Dictionary<string, double>();

    /// <summary>Bounds of single assets, in the place of <see cref="LargestAsset"/>.</summary>
    public IReadOnlyDictionary<string, WeightBounds> Bounds { get; init; } = new Dictionary<string, WeightBounds>();

    /// <summary>Of a year; what the Sharpe ratio is over.</summary>
    public double RiskFree { get; init; }

    /// <summary>Whether somebody told them, so that they hold or there is no answer; a profile's own are widened.</summary>
    public bool IsStrict { get; init; }

    [JsonIgnore]
    public bool NeedSectors => LargestSector < 1 || SectorCaps.Count > 0;
}

/// <summary>A portfolio within limits, or why there is none, and the limits that were in force for it.</summary>
/// <param name="Answer">The portfolio.</param>
/// <param name="Problem">What was solved; null where there was nothing to solve.</param>
/// <param name="SectorNames">Of the problem's sectors, by their number.</param>
/// <param name="Goal">What was sought in the end.</param>
/// <param name="LargestAsset">The most that an asset without bounds of its own may weigh.</param>
/// <param name="Widened">What did not hold as it was asked for, in sentences.</param>
public sealed record LimitedAnswer(
    AllocationAnswer Answer, AllocationProblem? Problem, IReadOnlyList<string> SectorNames, AllocationGoal Goal,
    double LargestAsset, IReadOnlyList<string> Widened);

/// <summary>
/// Finds the best portfolio within limits. A profile's limits that leave too little room for the assets there are are
/// widened to what can be met, and a risk below the least possible one gives the least: each is told. Limits that
/// somebody told are kept, or there is no answer.
/// </summary>
internal sealed class LimitedAllocation(AllocationLimits limits, TimeProvider time, TimeSpan timeLimit)
{
    private const string NoSector = "";

    private readonly List<string> _widened = [];

    /// <param name="assets">What there is, by its number in the rest.</param>
    /// <param name="mean">Expected yearly returns.</param>
    /// <param name="covariance">Of yearly returns.</param>
    public LimitedAnswer Optimise(IReadOnlyList<ModelAsset> assets, double[] mean, double[][] covariance)
    {
        string[] homeless = limits.NeedSectors ? [.. assets.Where(one => one.Sector is null).Select(one => one.Symbol)] : [];
        if (homeless.Length > 0)
        {
            return new(
                No($"No sector is known of {string.Join(", ", homeless)}, so that no cap of a sector can hold."), null, [],
                limits.Goal, limits.LargestAsset, []);
        }

        string[] names = [.. assets.Select(SectorOf).Distinct().Order(StringComparer.Ordinal)];
        double largest = LargestAsset(assets.Count);
        AllocationProblem problem = Problem(assets, names, largest, mean, covariance);
        PortfolioOptimizer optimizer = new(problem, time, timeLimit, limits.RiskFree);
        AllocationAnswer answer = limits.Goal switch
        {
            AllocationGoal.MaximumSharpe => optimizer.MaximumSharpe(),
            AllocationGoal.TargetRisk => optimizer.TargetRisk(limits.Volatility),
            _ => optimizer.MinimumVolatility(),
        };
        if (answer.Plan is null && limits is { IsStrict: false, Goal: not AllocationGoal.MinimumVolatility })
        {
            _widened.Add($"{answer.Unavailable!.Detail} The portfolio of the least volatility stands in.");
            answer = optimizer.MinimumVolatility();
        }

        return new(answer, problem, names, answer.Plan?.Goal ?? limits.Goal, largest, _widened);
    }

    private double LargestAsset(int count)
    {
        if (limits.IsStrict || limits.LargestAsset * count >= 1)
        {
            return limits.LargestAsset;
        }

        double largest = 1.0 / count;
        _widened.Add(Text(
            $"{count} assets of at most {limits.LargestAsset:P0} do not make a whole: each may weigh {largest:P2}."));
        return largest;
    }

    private AllocationProblem Problem(
        IReadOnlyList<ModelAsset> assets, string[] names, double largest, double[] mean, double[][] covariance)
    {
        WeightBounds[] bounds =
            [.. assets.Select(one => limits.Bounds.GetValueOrDefault(one.Symbol) ?? new(0, largest))];
        AllocationProblem problem = new(
            mean, covariance, [.. bounds.Select(one => one.Least)], [.. bounds.Select(one => one.Greatest)],
            [.. assets.Select(one => Array.IndexOf(names, SectorOf(one)))],
            [.. names.Select(name => limits.SectorCaps.TryGetValue(name, out double cap) ? cap : limits.LargestSector)]);
        if (limits.IsStrict || problem.Fault() is null)
        {
            return problem;
        }

        AllocationProblem wider = problem with { SectorCaps = [.. Enumerable.Repeat(LeastCap(problem), names.Length)] };
        _widened.Add(Text(
            $"{names.Length} sectors of at most {limits.LargestSector:P0} do not make a whole: each may weigh {wider.SectorCaps[0]:P2}."));
        return wider;
    }

    /// <summary>The least cap, the same for all sectors, that lets the weights reach 1.</summary>
    private double LeastCap(AllocationProblem problem)
    {
        double[] room = problem.SectorSums(problem.Upper);
        (double low, double high) = (limits.LargestSector, 1);
        for (int i = 0; i < 50; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = room.Sum(one => Math.Min(one, middle)) >= 1 ? (low, middle) : (middle, high);
        }

        return high;
    }

    private string SectorOf(ModelAsset asset) => limits.NeedSectors ? asset.Sector! : NoSector;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static AllocationAnswer No(string detail) => new(null, new(UnavailableReason.Infeasible, detail));
}
