using FinVault.Platform;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace FinVault.Escrow;

/// <summary>
/// Opens after a run of calls whose outcome is unknown, rejects everything for a while without trying it, then lets
/// one through as a probe (ESC-23).
/// </summary>
public sealed partial class PaymentBreaker
{
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _failuresToOpen;
    private int _failuresInARow;
    private long _openUntil;

    public PaymentBreaker(PaymentOptions options, TimeProvider time, ILogger<PaymentBreaker> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_time, _logger, _failuresToOpen) = (time, logger, options.BreakerFailures);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(Breaker(options))
            .Build();
    }

    /// <summary>True while calls are rejected; false again as soon as a probe may be tried.</summary>
    public bool IsOpen => _state.CircuitState is CircuitState.Open or CircuitState.Isolated
        && _time.GetUtcNow().UtcTicks < Interlocked.Read(ref _openUntil);

    /// <exception cref="BrokenCircuitException">It is open: nothing was tried.</exception>
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(
            async token =>
            {
                T result = await call(token);
                Interlocked.Exchange(ref _failuresInARow, 0);
                return result;
            },
            cancellationToken);

    // Polly opens on a share of failures within a time; what is asked for is a run. So only the failure that completes
    // one is shown to it, and that one opens at once.
    private CircuitBreakerStrategyOptions Breaker(PaymentOptions options) => new()
    {
        FailureRatio = 0,
        MinimumThroughput = 2,
        SamplingDuration = TimeSpan.FromDays(1),
        BreakDuration = options.Break,
        StateProvider = _state,
        ShouldHandle = outcome => new(CompletesARun(outcome.Outcome.Exception)),
        OnOpened = opened =>
        {
            Interlocked.Exchange(ref _openUntil, (_time.GetUtcNow() + opened.BreakDuration).UtcTicks);
            PaymentTelemetry.Breaker.Record(2);
            LogOpened(_failuresInARow);
            return default;
        },
        OnHalfOpened = _ => Changed(CircuitState.HalfOpen, 1),
        OnClosed = _ => Changed(CircuitState.Closed, 0),
    };

    private bool CompletesARun(Exception? failure) => failure switch
    {
        // A probe that was called off has not proved that the provider is back.
        OperationCanceledException => _state.CircuitState == CircuitState.HalfOpen,
        ProviderUnknownException => Interlocked.Increment(ref _failuresInARow) >= _failuresToOpen,
        _ => false,
    };

    private ValueTask Changed(CircuitState state, int value)
    {
        PaymentTelemetry.Breaker.Record(value);
        LogChanged(state);
        return default;
    }

    [LoggerMessage(4100, LogLevel.Error, "The payment provider's breaker opened after {Failures} failures in a row")]
    private partial void LogOpened(int failures);

    [LoggerMessage(4101, LogLevel.Information, "The payment provider's breaker is {State}")]
    private partial void LogChanged(CircuitState state);
}
