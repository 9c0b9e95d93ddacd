using System.Text.Json;
using FinVault.Identity;
using FinVault.Market.Calendar;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>What an account should hold for its owner's profile (PF-14): wanted at once, computed as a job.</summary>
public sealed class Recommendations(
    AccountWork work, HoldingGenerations holdings, PortfolioDocuments documents, PlanPrices prices, ModelPortfolios models,
    RecommendationChecks checks, Sectors sectors, Exchanges exchanges, Jobs jobs) : IJobHandler
{
    public const string JobKind = "PORTFOLIO_RECOMMENDATION";

    private const int EstimatedSeconds = 15;

    public string Kind => JobKind;

    public JobPolicy Policy { get; } = new(4, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), EstimatedSeconds);

    /// <summary>Begins a job; what cannot come to anything is refused before.</summary>
    /// <exception cref="ProblemException">
    /// unknown_portfolio, invalid_answers, invalid_limits, unknown_symbol, sector_unknown.
    /// </exception>
    internal async Task<JobView> StartAsync(
        CurrentUser user, string account, RecommendationRequest request, CancellationToken cancellationToken)
    {
        string currency = (await work.OpenAsync(user, account, cancellationToken)).Document.Data.Currency;
        if (request.Answers is null == request.Profile is null)
        {
            throw Problems.InvalidAnswers.With("Send answers or a profile, one of the two.");
        }

        RiskAssessment? assessment = request.Answers is { } answers ? RecommendationChecks.Assess(answers) : null;
        RiskProfile profile = assessment?.Profile ?? request.Profile!.Value;
        AllocationLimits? limits = checks.Limits(profile, request.Limits, request.Symbols);
        string[]? symbols = request.Symbols is null ? null : await checks.SymbolsAsync(
            request.Symbols, ModelPortfolios.MaxAssets, currency, limits ?? ProfileLimits.Of(profile), cancellationToken);
        JobView job = await jobs.StartAsync(
            JobKind, user.UserId, new RecommendationInput(account, profile, assessment, limits, symbols), cancellationToken);
        await documents.Container.UpsertItemAsync(
            new RecommendationDocument(account, job.JobId), new PartitionKey(account),
            new() { EnableContentResponseOnWrite = false }, cancellationToken);
        return job;
    }

    /// <summary>The account's last one, as far as it is.</summary>
    /// <exception cref="ProblemException">unknown_portfolio, unknown_recommendation.</exception>
    internal async Task<RecommendationView> LastAsync(
        CurrentUser user, string account, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        RecommendationDocument last = await documents.FindAsync<RecommendationDocument>(
            account, RecommendationDocument.DocumentId, cancellationToken) ?? throw Unknown();
        try
        {
            JobView job = await jobs.ReadAsync(last.Job, user.UserId, cancellationToken);
            return new(
                job.JobId, job.Status, job.EstimatedTime, job.Progress, job.CreatedAt, job.EndedAt, job.Error,
                job.Result?.Deserialize<RecommendationResult>(Json.Options));
        }
        catch (ProblemException gone) when (gone.Problem == Problems.UnknownJob)
        {
            throw Unknown();
        }
    }

    public async Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        RecommendationInput input = job.Read<RecommendationInput>();
        await job.ReportAsync(0.1, "prices");
        if (await holdings.ReadAsync(input.Account, cancellationToken) is not ({ } head, { } held)
            || head.Data.Owner != job.Owner)
        {
            throw AccountWork.Unknown();
        }

        string currency = head.Data.Currency;
        HoldingDocument[] open = [.. held.Where(one => one.Position.Quantity > 0)];
        IReadOnlyDictionary<string, PlanPrice> known = await prices.ReadAsync(
            open.Select(one => (one.Position.Symbol, one.Exchange)), currency, cancellationToken);
        await job.ReportAsync(0.4, "model");
        ModelPortfolio model = input is { Limits: null, Symbols: null }
            ? await models.ReadAsync(input.Profile, currency, cancellationToken)
            : await models.MakeAsync(
                input.Limits is null ? input.Profile : null, input.Limits ?? ProfileLimits.Of(input.Profile), currency,
                input.Symbols, cancellationToken);
        await job.ReportAsync(0.9, "comparison");
        return JobOutcome.Done(RecommendationMaking.Make(
            input, currency, model,
            [
                .. open.Select(one => new HeldAsset(
                    one.Position.Symbol, exchanges.SymbolOf(one.Position.Symbol, one.Exchange), one.Position.Quantity,
                    known.GetValueOrDefault(one.Position.Symbol)?.Price)),
            ],
            sectors));
    }

    private static ProblemException Unknown() =>
        Problems.UnknownRecommendation.With("Nothing was recommended for the account, or it is too long ago.");
}
