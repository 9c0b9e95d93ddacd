using Polly;
using Polly.Hedging;

namespace FinVault.Market.Providers;

/// <summary>
/// Asks the providers for prices, hedged: the first at once, the next as soon as one fails or has not answered for a
/// moment; the first good answer wins and the rest are called off. What the winner does not know, the others are asked.
/// </summary>
public sealed class HedgedPrices(IReadOnlyList<GuardedProvider> providers, TimeSpan delay, TimeProvider time)
{
    // Polly's own limit is ten hedged attempts beside the first.
    internal const int MaxProviders = 11;

    public IReadOnlyList<GuardedProvider> Providers { get; } = providers.Count <= MaxProviders
        ? providers
        : throw new InvalidOperationException($"There may be {MaxProviders} price providers at most.");

    /// <summary>The good answers, each with its provider: none, one, or several that complete each other.</summary>
    public async Task<IReadOnlyList<ProviderAnswer>> GetAsync(
        IReadOnlyCollection<string> symbols, CancellationToken cancellation)
    {
        List<ProviderAnswer> good = [];
        HashSet<string> missing = [.. symbols];
        List<GuardedProvider> left = [.. Providers];
        while (missing.Count > 0 && left.Count > 0)
        {
            ProviderAnswer answer = await AskAsync([.. missing], left, cancellation);
            if (answer.Failure is not null)
            {
                // Everyone who was left has failed.
                break;
            }

            good.Add(answer);
            missing.ExceptWith(answer.Prices.Select(price => price.Symbol));
            left.RemoveAll(provider => provider.Name == answer.Provider);
        }

        return good;
    }

    private async Task<ProviderAnswer> AskAsync(
        string[] symbols, List<GuardedProvider> asked, CancellationToken cancellation)
    {
        if (asked is [var only])
        {
            return await only.GetQuotesAsync(symbols, cancellation);
        }

        GuardedProvider[] order = [.. asked];
        ResiliencePipeline<ProviderAnswer> hedge = new ResiliencePipelineBuilder<ProviderAnswer> { TimeProvider = time }
            .AddHedging(new HedgingStrategyOptions<ProviderAnswer>
            {
                MaxHedgedAttempts = order.Length - 1,
                Delay = delay,
                ShouldHandle = outcome => new(outcome.Outcome.Result?.Failure is not null),
                ActionGenerator = attempt => async () => Outcome.FromResult(
                    await order[attempt.AttemptNumber].GetQuotesAsync(
                        symbols, attempt.ActionContext.CancellationToken)),
            })
            .Build();
        return await hedge.ExecuteAsync(
            async token => await order[0].GetQuotesAsync(symbols, token), cancellation);
    }
}
