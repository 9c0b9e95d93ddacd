using FinVault.Platform.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace FinVault.Market.Providers;

/// <summary>
/// A provider behind its own limits: a rate limit, a circuit breaker that opens after a run of failures (timeouts
/// count), and a total timeout. Asks for any number of symbols, in as many requests as the provider needs, side by
/// side.
/// </summary>
public sealed class GuardedProvider
{
    // What went wrong is in the answer; an adapter throws only when it is broken.
    private static readonly FailureRule Failures = new(
        _ => false, answer => answer is ProviderAnswer { Failure: not null });

    private readonly IPriceProvider _provider;
    private readonly TimeProvider _time;
    private readonly TokenBucket _bucket;
    private readonly Dependency _guard;

    public GuardedProvider(
        IPriceProvider provider, ProviderLimits limits, Dependencies dependencies, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(dependencies);
        _provider = provider;
        _time = time;
        _bucket = new(limits.RequestsPerMinute ?? ProviderOptions.DefaultRequestsPerMinute, time);
        _guard = dependencies.Of($"prices-{provider.Name}", limits.ForCalls, Failures);
    }

    public string Name => _provider.Name;

    public CircuitState State => _guard.State;

    /// <summary>Asks for the symbols; the answer has what the requests that succeeded brought.</summary>
    public async Task<ProviderAnswer> GetQuotesAsync(IReadOnlyList<string> symbols, CancellationToken cancellation)
    {
        ProviderAnswer[] answers = await Task.WhenAll(
            symbols.Chunk(_provider.MaxSymbols).Select(batch => AskAsync(batch, cancellation)));
        ProviderPrice[] prices = [.. answers.SelectMany(answer => answer.Prices)];
        // Most telling is what the provider itself did wrong; not having been asked comes last in the enum.
        return prices.Length > 0
            ? ProviderAnswer.Of(Name, prices)
            : ProviderAnswer.Failed(Name, answers.Min(answer => answer.Failure) ?? ProviderFailure.Malformed);
    }

    private async Task<ProviderAnswer> AskAsync(string[] symbols, CancellationToken cancellation)
    {
        long start = _time.GetTimestamp();
        ProviderAnswer answer = _bucket.TryTake()
            ? await GuardAsync(symbols, cancellation)
            : ProviderAnswer.Failed(Name, ProviderFailure.RateLimited);
        ProviderTelemetry.Asked(answer, _time.GetElapsedTime(start));
        return answer;
    }

    private async Task<ProviderAnswer> GuardAsync(string[] symbols, CancellationToken cancellation)
    {
        try
        {
            return await _guard.RunAsync(token => AskedForAsync(symbols, token), cancellation);
        }
        catch (TimeoutRejectedException)
        {
            return ProviderAnswer.Failed(Name, ProviderFailure.Timeout);
        }
        catch (ExecutionRejectedException)
        {
            _bucket.Return();
            return ProviderAnswer.Failed(Name, ProviderFailure.CircuitOpen);
        }
    }

    // Whatever the provider is, a price that nobody asked for is none.
    private async Task<ProviderAnswer> AskedForAsync(string[] symbols, CancellationToken cancellation)
    {
        ProviderAnswer answer = await _provider.GetQuotesAsync(symbols, cancellation);
        return answer.Failure is null
            ? ProviderAnswer.Of(Name, [.. answer.Prices.Where(price => symbols.Contains(price.Symbol))])
            : answer;
    }
}
