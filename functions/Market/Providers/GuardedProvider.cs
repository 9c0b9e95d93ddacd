using Microsoft.Extensions.Logging;
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
    private readonly IPriceProvider _provider;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TokenBucket _bucket;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline<ProviderAnswer> _pipeline;
    private readonly int _failuresToOpen;
    private int _failuresInARow;

    public GuardedProvider(
        IPriceProvider provider, ProviderLimits limits, TimeProvider time, ILogger<GuardedProvider> logger)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(limits);
        _provider = provider;
        _time = time;
        _logger = logger;
        _failuresToOpen = limits.BreakerFailures;
        _bucket = new(limits.RequestsPerMinute ?? ProviderOptions.DefaultRequestsPerMinute, time);
        _pipeline = new ResiliencePipelineBuilder<ProviderAnswer> { TimeProvider = time }
            .AddCircuitBreaker(Breaker(limits))
            .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromSeconds(limits.TotalSeconds) })
            .Build();
    }

    public string Name => _provider.Name;

    public CircuitState State => _breaker.CircuitState;

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
            return await _pipeline.ExecuteAsync(
                async token =>
                {
                    ProviderAnswer answer = await AskedForAsync(symbols, token);
                    if (answer.Failure is null)
                    {
                        Interlocked.Exchange(ref _failuresInARow, 0);
                    }

                    return answer;
                },
                cancellation);
        }
        catch (TimeoutRejectedException)
        {
            return ProviderAnswer.Failed(Name, ProviderFailure.Timeout);
        }
        catch (BrokenCircuitException)
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

    // Polly opens on a share of failures within a time, which at five requests a minute would take long. What is asked
    // for is a run: so only the failure that completes one is shown to it, and that one opens at once.
    private CircuitBreakerStrategyOptions<ProviderAnswer> Breaker(ProviderLimits limits) => new()
    {
        FailureRatio = 0,
        MinimumThroughput = 2,
        SamplingDuration = TimeSpan.FromDays(1),
        BreakDuration = TimeSpan.FromSeconds(limits.BreakerSeconds),
        StateProvider = _breaker,
        ShouldHandle = outcome => new(CompletesARun(outcome.Outcome)),
        OnOpened = _ => Changed(CircuitState.Open),
        OnHalfOpened = _ => Changed(CircuitState.HalfOpen),
        OnClosed = _ => Changed(CircuitState.Closed),
    };

    private bool CompletesARun(Outcome<ProviderAnswer> outcome)
    {
        if (outcome.Exception is OperationCanceledException)
        {
            // Called off, as another provider was quicker. If it was to prove that this one is back, it has not.
            return _breaker.CircuitState == CircuitState.HalfOpen;
        }

        return (outcome.Exception is TimeoutRejectedException || outcome.Result?.Failure is not null)
            && Interlocked.Increment(ref _failuresInARow) >= _failuresToOpen;
    }

    private ValueTask Changed(CircuitState state)
    {
        ProviderTelemetry.BreakerChanged(Name, state);
        if (state == CircuitState.Open)
        {
            ProviderLog.BreakerOpened(_logger, Name, _failuresInARow);
        }
        else
        {
            ProviderLog.BreakerChanged(_logger, Name, state);
        }

        return ValueTask.CompletedTask;
    }
}
