using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>An asset of a model portfolio. Figures of a year: 0.1 is 10 %.</summary>
/// <param name="Symbol">Which.</param>
/// <param name="Sector">Of the table of sectors; null where none is known.</param>
/// <param name="Weight">Part of 1.</param>
/// <param name="Return">Mean of its daily returns × 252: what was, not what will be.</param>
/// <param name="Volatility">The root of its own entry of the covariance.</param>
/// <param name="RiskShare">Its part of the portfolio's variance, wᵢ(Cw)ᵢ ÷ wᵀCw; they sum to 1.</param>
public sealed record ModelWeight(
    string Symbol, string? Sector, double Weight, double Return, double Volatility, double RiskShare);

/// <summary>What a sector weighs, and may weigh; the name is empty where no sectors were needed.</summary>
public sealed record ModelSector(string Sector, double Weight, double Cap);

/// <summary>The closes that a model rests on.</summary>
/// <param name="From">The first close's day.</param>
/// <param name="To">The last close's.</param>
/// <param name="Returns">Daily returns between them.</param>
public sealed record ModelWindow(DateOnly From, DateOnly To, int Returns);

/// <summary>What holds a portfolio where it is.</summary>
public enum BindingKind
{
    GreatestWeight,
    LeastWeight,
    Sector,
    Volatility,
}

/// <summary>A limit that the portfolio has reached.</summary>
/// <param name="Kind">What is limited.</param>
/// <param name="Name">The symbol or the sector; <c>portfolio</c> for its volatility.</param>
/// <param name="Limit">Which it has reached.</param>
public sealed record BindingLimit(BindingKind Kind, string Name, double Limit);

/// <summary>The limits as they were asked for, and as they were in force.</summary>
/// <param name="Goal">What was asked for.</param>
/// <param name="Volatility">Of a year, where the goal is a risk; else 0.</param>
/// <param name="LargestAsset">The most that one asset should weigh.</param>
/// <param name="LargestSector">The most that one sector should weigh.</param>
/// <param name="SectorCaps">Caps of single sectors.</param>
/// <param name="Bounds">Bounds of single assets.</param>
/// <param name="RiskFree">Of a year.</param>
/// <param name="IsStrict">Whether somebody told them: then they hold, or there is no answer.</param>
/// <param name="GoalInForce">What was sought in the end.</param>
/// <param name="LargestAssetInForce">The most that one asset may weigh, of those without bounds of their own.</param>
/// <param name="SectorCapsInForce">The most that each sector of the assets may weigh.</param>
/// <param name="Widened">What could not be met, in sentences.</param>
public sealed record ModelLimits(
    AllocationGoal Goal, double Volatility, double LargestAsset, double LargestSector,
    IReadOnlyDictionary<string, double> SectorCaps, IReadOnlyDictionary<string, WeightBounds> Bounds, double RiskFree,
    bool IsStrict, AllocationGoal GoalInForce, double LargestAssetInForce,
    IReadOnlyDictionary<string, double> SectorCapsInForce, IReadOnlyList<string> Widened);

/// <summary>
/// The best portfolio within limits, of what trades in a currency, with all that it rests on; or why there is none.
/// </summary>
/// <param name="Profile">Whose; null where limits were told.</param>
/// <param name="Currency">ISO 4217: only assets that are priced in it.</param>
/// <param name="ComputedAt">A profile's is kept for 24 hours.</param>
/// <param name="Window">The closes; null where there are none to compare.</param>
/// <param name="Limits">Asked for, and in force.</param>
/// <param name="Return">Σ weight × return.</param>
/// <param name="Volatility">√(wᵀCw).</param>
/// <param name="Sharpe">(Return − the free rate) ÷ volatility.</param>
/// <param name="Shrinkage">How far the covariance was drawn to equal variances: 0 is the sample's.</param>
/// <param name="Certificate">How good it certainly is.</param>
/// <param name="Weights">The largest first; those of 0 are left out.</param>
/// <param name="Sectors">Those of the weights, the largest first.</param>
/// <param name="Binding">Limits that are reached.</param>
/// <param name="Covariance">C of the weights' assets, in their order.</param>
/// <param name="LeftOut">Assets that were not considered.</param>
/// <param name="Method">How it was computed.</param>
/// <param name="Unavailable">Why there is none; then there are no weights.</param>
public sealed record ModelPortfolio(
    RiskProfile? Profile, string Currency, DateTimeOffset ComputedAt, ModelWindow? Window, ModelLimits Limits,
    double? Return, double? Volatility, Statistic? Sharpe, double? Shrinkage, AllocationCertificate? Certificate,
    IReadOnlyList<ModelWeight> Weights, IReadOnlyList<ModelSector> Sectors, IReadOnlyList<BindingLimit> Binding,
    IReadOnlyList<double[]> Covariance, IReadOnlyList<LeftOutAsset> LeftOut, string Method, Unavailable? Unavailable);

/// <summary>A profile's model as it was computed last, in its currency's partition.</summary>
/// <param name="Night">That computed it; empty where somebody who asked did.</param>
[NotAudited("It is reckoned from prices, and may be thrown away.")]
internal sealed record ModelDocument(string Account, string Id, string Night, ModelPortfolio Model)
{
    private const int KeptSeconds = 3 * 24 * 3600;

    public string Type { get; init; } = "modelPortfolio";

    public int Ttl { get; init; } = KeptSeconds;

    public static string PartitionOf(string currency) => $"models:{currency}";

    public static string IdOf(RiskProfile profile) => $"MODEL-{profile}";
}
