using System.ComponentModel;
using FinVault.Audit;
using FinVault.Platform.Jobs;

namespace FinVault.Portfolios;

/// <summary>All questions of the risk questionnaire, and what comes of them.</summary>
/// <param name="Questions">Each has one of its answers.</param>
/// <param name="Profiles">What each profile means.</param>
/// <param name="Sectors">Those that symbols are known to be of, for caps.</param>
public sealed record RiskQuestions(
    IReadOnlyList<RiskQuestion> Questions, IReadOnlyList<ProfileMeaning> Profiles, IReadOnlyList<string> Sectors);

/// <summary>What a profile seeks, and the most that one asset and one sector may weigh.</summary>
/// <param name="Profile">Which.</param>
/// <param name="Goal">What is sought.</param>
/// <param name="Volatility">Of a year, where the goal is a risk; else 0.</param>
/// <param name="LargestAsset">Part of 1.</param>
/// <param name="LargestSector">Part of 1.</param>
public sealed record ProfileMeaning(
    RiskProfile Profile, AllocationGoal Goal, double Volatility, double LargestAsset, double LargestSector);

/// <summary>Answers to the questionnaire.</summary>
public sealed record RiskAnswers(
    [property: Description("The chosen answer's id by the question's; all questions.")]
    IReadOnlyDictionary<string, string> Answers);

/// <summary>Who wants recommendations: by answers, or by a profile that is known; exactly one of the two.</summary>
public sealed record RecommendationRequest
{
    [Description("The chosen answer's id by the question's; all questions.")]
    public IReadOnlyDictionary<string, string>? Answers { get; init; }

    public RiskProfile? Profile { get; init; }

    [Description("2 to 100 symbols to choose from; the 100 most traded in the account's currency without them.")]
    public IReadOnlyList<string>? Symbols { get; init; }

    public LimitsRequest? Limits { get; init; }
}

/// <summary>Limits in the place of the profile's. They hold, or there is no answer.</summary>
public sealed record LimitsRequest
{
    public AllocationGoal? Goal { get; init; }

    [Description("Of a year, above 0 and at most 2; for targetRisk.")]
    public double? Volatility { get; init; }

    [Description("The most that one asset may weigh, above 0 and at most 1.")]
    public double? LargestAsset { get; init; }

    [Description("The most that one sector may weigh, above 0 and at most 1; 1 without sectorCaps needs no sectors.")]
    public double? LargestSector { get; init; }

    [Description("The most that single sectors may weigh, 0 to 1.")]
    public IReadOnlyDictionary<string, double>? SectorCaps { get; init; }

    [Description("The least and the most that single assets may weigh, 0 to 1; only with symbols.")]
    public IReadOnlyDictionary<string, WeightBounds>? Bounds { get; init; }

    [Description("Of a year, 0 to 0.5; 0 without it.")]
    public double? RiskFree { get; init; }
}

/// <summary>What is recommended of a symbol.</summary>
/// <param name="Symbol">Which, as the account calls it.</param>
/// <param name="Sector">Null where none is known.</param>
/// <param name="Weight">What it should be; 0 for what should go.</param>
/// <param name="Current">What it is of the account's holdings; null where a price is missing.</param>
/// <param name="Change">The difference.</param>
/// <param name="Amount">That in minor units of the account's currency: above 0 to be bought, below to be sold.</param>
public sealed record Recommendation(
    string Symbol, string? Sector, double Weight, double? Current, double? Change, long? Amount);

/// <summary>The result of a job.</summary>
/// <param name="Account">For which.</param>
/// <param name="Currency">Of the account.</param>
/// <param name="Assessment">Of the answers; null where a profile was named.</param>
/// <param name="Model">The model portfolio behind it.</param>
/// <param name="Recommendations">The largest weight first; empty where the model is unavailable.</param>
/// <param name="Total">Minor units that the holdings are worth, without cash; null where a price is missing.</param>
/// <param name="Unpriced">Holdings without a price.</param>
/// <param name="Targets">The weights to four digits, 1 in sum: what an account's targets may be set to.</param>
/// <param name="Note">Limits of what it says.</param>
public sealed record RecommendationResult(
    string Account, string Currency, RiskAssessment? Assessment, ModelPortfolio Model,
    IReadOnlyList<Recommendation> Recommendations, long? Total, IReadOnlyList<string> Unpriced,
    IReadOnlyDictionary<string, decimal> Targets, string Note);

/// <summary>An account's last recommendation, as far as it is.</summary>
/// <param name="Job">Its job.</param>
/// <param name="Status">Ask again while it is waiting or active.</param>
/// <param name="EstimatedTime">Seconds that it usually takes; null once it has ended.</param>
/// <param name="Progress">How far it is; null before it begins and once it has ended.</param>
/// <param name="CreatedAt">When it was wanted.</param>
/// <param name="EndedAt">When it was completed or failed.</param>
/// <param name="Error">A problem's code; null unless it failed.</param>
/// <param name="Result">Null unless it is completed.</param>
public sealed record RecommendationView(
    string Job, JobState Status, int? EstimatedTime, JobProgress? Progress, DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt, string? Error, RecommendationResult? Result);

/// <summary>What a job is given.</summary>
/// <param name="Limits">Told ones; null for the profile's own.</param>
/// <param name="Symbols">Told ones; null for those most traded.</param>
internal sealed record RecommendationInput(
    string Account, RiskProfile Profile, RiskAssessment? Assessment, AllocationLimits? Limits, IReadOnlyList<string>? Symbols);

/// <summary>Which job made an account's last recommendation, in the account's partition.</summary>
[NotAudited("It says where to look for what was reckoned last.")]
internal sealed record RecommendationDocument(string Account, string Job)
{
    public const string DocumentId = "recommendation";

    private const int KeptSeconds = 8 * 24 * 3600;

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "recommendation";

    public int Ttl { get; init; } = KeptSeconds;
}
