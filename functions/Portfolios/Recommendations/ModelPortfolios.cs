using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>
/// Model portfolios for the five profiles (PF-17), over daily closes of what trades in a currency: computed each night,
/// and by whoever asks when none is fresh; kept for 24 hours. One that is unavailable is not kept.
/// </summary>
public sealed class ModelPortfolios(PortfolioDocuments documents, CloseTables closes, Sectors sectors, TimeProvider time)
{
    /// <summary>Assets that are looked at.</summary>
    public const int MaxAssets = 100;

    private const int MaxCurrencies = 200;
    private const int Years = 3;

    private static readonly TimeSpan UnavailableLife = TimeSpan.FromSeconds(5);

    // However many ask at once, one computes.
    private readonly ReadThroughCache<ModelPortfolio> _cache = new("model-portfolios", new CacheLimits(MaxCurrencies), time);

    /// <summary>A profile's model, a day old at most.</summary>
    internal async Task<ModelPortfolio> ReadAsync(
        RiskProfile profile, string currency, CancellationToken cancellationToken) =>
        await _cache.GetAsync(
            KeyOf(profile, currency), LifeOf, token => FindOrMakeAsync(profile, currency, token), cancellationToken);

    /// <summary>The model for limits or symbols that somebody told; it is nobody else's, and not kept.</summary>
    /// <param name="profile">Null where limits were told.</param>
    internal async Task<ModelPortfolio> MakeAsync(
        RiskProfile? profile, AllocationLimits limits, string currency, IReadOnlyList<string>? symbols,
        CancellationToken cancellationToken) =>
        ModelMaking.Make(
            profile, currency, limits, await InputAsync(currency, symbols, limits.NeedSectors, cancellationToken), time);

    /// <summary>Computes a currency's models once a night; false where that is done, or there is too little to compute.</summary>
    internal async Task<bool> NightAsync(string currency, string night, CancellationToken cancellationToken)
    {
        ModelDocument? last = await FindAsync(RiskProfile.Aggressive, currency, cancellationToken);
        return last?.Night != night
            && (await ComputeAsync(currency, night, cancellationToken)).All(model => model.Unavailable is null);
    }

    private async Task<ModelPortfolio> FindOrMakeAsync(
        RiskProfile profile, string currency, CancellationToken cancellationToken) =>
        await FindAsync(profile, currency, cancellationToken) is { } kept && LifeOf(kept.Model) > TimeSpan.Zero
            ? kept.Model
            : (await ComputeAsync(currency, "", cancellationToken)).First(model => model.Profile == profile);

    /// <summary>All profiles' models anew, in their order: the last one kept says that all are.</summary>
    private async Task<IReadOnlyList<ModelPortfolio>> ComputeAsync(
        string currency, string night, CancellationToken cancellationToken)
    {
        ModelInput input = await InputAsync(currency, null, true, cancellationToken);
        List<ModelPortfolio> models = [];
        foreach (RiskProfile profile in Enum.GetValues<RiskProfile>())
        {
            ModelPortfolio model = ModelMaking.Make(profile, currency, ProfileLimits.Of(profile), input, time);
            models.Add(model);
            if (model.Unavailable is null)
            {
                string partition = ModelDocument.PartitionOf(currency);
                await documents.Container.UpsertItemAsync(
                    new ModelDocument(partition, ModelDocument.IdOf(profile), night, model), new PartitionKey(partition),
                    new() { EnableContentResponseOnWrite = false }, cancellationToken);
            }

            _cache.Invalidate(KeyOf(profile, currency));
        }

        return models;
    }

    private async Task<ModelInput> InputAsync(
        string currency, IReadOnlyList<string>? symbols, bool needSectors, CancellationToken cancellationToken)
    {
        symbols ??= await closes.UniverseAsync(currency, MaxAssets, cancellationToken);
        DateOnly last = closes.LastDay();
        CloseTable table = await closes.ReadAsync(symbols, last.AddYears(-Years), last, cancellationToken);
        return ModelAssets.Choose(table, sectors, needSectors);
    }

    private Task<ModelDocument?> FindAsync(RiskProfile profile, string currency, CancellationToken cancellationToken) =>
        documents.FindAsync<ModelDocument>(
            ModelDocument.PartitionOf(currency), ModelDocument.IdOf(profile), cancellationToken);

    private TimeSpan LifeOf(ModelPortfolio model) => model.Unavailable is not null
        ? UnavailableLife
        : model.ComputedAt + CacheLives.Recommendations - time.GetUtcNow();

    private static string KeyOf(RiskProfile profile, string currency) => $"{currency}:{profile}";
}
