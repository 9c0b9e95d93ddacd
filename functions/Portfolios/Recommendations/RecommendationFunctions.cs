using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>What to hold, for whom: a questionnaire, a job, and tries on the past.</summary>
public sealed class RecommendationFunctions(Recommendations recommendations, Backtests backtests, Sectors sectors)
{
    private const int MaxBodyBytes = 32 * 1024;

    [Function(nameof(GetRiskQuestions))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("The risk questionnaire", Description = "Willingness and means: what can be borne holds the profile down. With "
        + "what each profile means, and the sectors that caps may name.")]
    [Answers(StatusCodes.Status200OK, typeof(RiskQuestions), "The questions.")]
    public IActionResult GetRiskQuestions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "recommendations/questions")] HttpRequest request) =>
        new JsonAnswer(new RiskQuestions(
            RiskQuestionnaire.Questions,
            [
                .. Enum.GetValues<RiskProfile>().Select(profile => (profile, Limits: ProfileLimits.Of(profile)))
                    .Select(one => new ProfileMeaning(
                        one.profile, one.Limits.Goal, one.Limits.Volatility, one.Limits.LargestAsset,
                        one.Limits.LargestSector)),
            ],
            sectors.Names));

    [Function(nameof(AssessRisk))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Judge answers to the risk questionnaire", Description = "Nothing is kept.")]
    [Body(typeof(RiskAnswers))]
    [Answers(StatusCodes.Status200OK, typeof(RiskAssessment), "The profile, and what held it down.")]
    [Fails(nameof(Problems.InvalidAnswers))]
    public async Task<IActionResult> AssessRisk(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "recommendations/profile")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        RiskAnswers told = await request.ReadJsonAsync<RiskAnswers>(MaxBodyBytes, cancellationToken);
        return new JsonAnswer(RecommendationChecks.Assess(told.Answers));
    }

    [Function(nameof(RecommendPortfolio))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Recommend what an account should hold", Description = "A job. Long-only mean-variance with bounds and caps of "
        + "sectors, over up to 504 daily closes of what trades in the account's currency. The result says what it rests "
        + "on, and which limits it has reached; too little history is told as unavailable.")]
    [Parameter("account", typeof(string), "The account.")]
    [Body(typeof(RecommendationRequest))]
    [Answers(StatusCodes.Status202Accepted, typeof(JobView), "The job; its result is a RecommendationResult.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidAnswers), nameof(Problems.InvalidLimits),
        nameof(Problems.UnknownSymbol), nameof(Problems.SectorUnknown))]
    public async Task<IActionResult> RecommendPortfolio(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/recommendations")]
        HttpRequest request,
        string account,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        RecommendationRequest wanted = await request.ReadJsonAsync<RecommendationRequest>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await recommendations.StartAsync(CurrentUser.Of(context), account, wanted, cancellation),
            StatusCodes.Status202Accepted);
    }

    [Function(nameof(GetRecommendation))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("An account's last recommendation", Description = "Ask again while it is waiting or active. Kept for 7 days.")]
    [Parameter("account", typeof(string), "The account.")]
    [Answers(StatusCodes.Status200OK, typeof(RecommendationView), "How it stands, with its result once it is completed.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownRecommendation))]
    public async Task<IActionResult> GetRecommendation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/recommendations")]
        HttpRequest request,
        string account,
        FunctionContext context) =>
        new JsonAnswer(await recommendations.LastAsync(CurrentUser.Of(context), account, context.CancellationToken));

    [Function(nameof(TryRecommendation))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("Try a profile on the past", Description = "Walk-forward on daily closes of 2 to 30 symbols over 5 years at most: a "
        + "decision sees nothing later than its day. Beside it the same symbols in equal parts.")]
    [Body(typeof(BacktestRequest))]
    [Answers(StatusCodes.Status200OK, typeof(BacktestView), "What it would have done.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidLimits), nameof(Problems.UnknownSymbol),
        nameof(Problems.SectorUnknown), nameof(Problems.RangeTooLong))]
    public async Task<IActionResult> TryRecommendation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "recommendations/backtest")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        BacktestRequest wanted = await request.ReadJsonAsync<BacktestRequest>(MaxBodyBytes, cancellationToken);
        return new JsonAnswer(await backtests.TryAsync(wanted, cancellationToken));
    }
}
