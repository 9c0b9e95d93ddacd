using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FinVault.Platform.Resilience;

/// <summary>
/// Something outside, and the one way to call it: retries where the settings have them, around a breaker that opens
/// after a run of failures and lets one probe through after a while (ESC-23, MKT-22), around a limit of calls at a
/// time, around the longest time of one try.
/// </summary>
public sealed class Dependency
{
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly FailureRule _failures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string? _member;
    private int _failuresInARow;
    private long _openUntil;

    internal Dependency(
        string name, DependencySettings settings, FailureRule failures, Bulkhead bulkhead, TimeProvider time,
        ILogger logger, string? member = null)
    {
        (Name, Settings, _failures, _time, _logger, _member) = (name, settings, failures, time, logger, member);
        ResiliencePipelineBuilder builder = new() { TimeProvider = time };
        if (settings.Retries > 0)
        {
            builder.AddRetry(Retry(settings));
        }

        _pipeline = builder
            .AddCircuitBreaker(Breaker(settings))
            .AddStrategy(_ => bulkhead, new NoOptions())
            .AddTimeout(TimeSpan.FromSeconds(settings.TotalSeconds))
            .Build();
        Show(0);
    }

    /// <summary>As it is shown in <c>/health</c>, metrics and logs: nothing internal.</summary>
    public string Name { get; }

    public DependencySettings Settings { get; }

    public CircuitState State => _state.CircuitState;

    /// <summary>True while calls are rejected; false again as soon as a probe may be tried.</summary>
    public bool IsOpen => _state.CircuitState is CircuitState.Open or CircuitState.Isolated
        && _time.GetUtcNow().UtcTicks < Interlocked.Read(ref _openUntil);

    /// <summary>Makes a call.</summary>
    /// <exception cref="BrokenCircuitException">The breaker is open: nothing was tried.</exception>
    /// <exception cref="DependencyBusyException">Too many calls are under way: nothing was tried.</exception>
    /// <exception cref="TimeoutRejectedException">It took too long: what became of it is unknown.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        long start = _time.GetTimestamp();
        string outcome = "failed";
        try
        {
            T result = await _pipeline.ExecuteAsync(async token => await TryAsync(call, token), cancellationToken);
            outcome = _failures.Answered(result) ? "failed" : "answered";
            return result;
        }
        catch (Exception failure)
        {
            outcome = OutcomeOf(failure);
            throw;
        }
        finally
        {
            DependencyTelemetry.Called(Name, outcome, _time.GetElapsedTime(start));
        }
    }

    /// <summary>A client that waits for connections as the settings say, and keeps the rest to the guard.</summary>
    /// <param name="maxAnswerBytes">Longer answers are not read.</param>
    /// <param name="handler">Null for one that follows no redirect, which would carry a key to where it points.</param>
    public HttpClient CreateClient(int maxAnswerBytes, HttpMessageHandler? handler = null) =>
        new(handler ?? new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(Settings.ConnectSeconds),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            AllowAutoRedirect = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = maxAnswerBytes,
        };

    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        T result = await call(cancellationToken);
        if (!_failures.Answered(result))
        {
            Interlocked.Exchange(ref _failuresInARow, 0);
        }

        return result;
    }

    private RetryStrategyOptions Retry(DependencySettings settings) => new()
    {
        MaxRetryAttempts = settings.Retries,
        Delay = TimeSpan.FromSeconds(settings.RetrySeconds),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        // What was rejected before it was tried would only be rejected again.
        ShouldHandle = outcome => new(
            outcome.Outcome.Exception is not (BrokenCircuitException or DependencyBusyException)
            && IsFailure(outcome.Outcome)),
    };

    // Polly opens on a share of failures within a time, which at five calls a minute would take long. What is asked for
    // is a run: so only the failure that completes one is shown to it, and that one opens at once.
    private CircuitBreakerStrategyOptions Breaker(DependencySettings settings) => new()
    {
        FailureRatio = 0,
        MinimumThroughput = 2,
        SamplingDuration = TimeSpan.FromDays(1),
        BreakDuration = TimeSpan.FromSeconds(settings.BreakerSeconds),
        StateProvider = _state,
        ShouldHandle = outcome => new(CompletesARun(outcome.Outcome)),
        OnOpened = opened =>
        {
            Interlocked.Exchange(ref _openUntil, (_time.GetUtcNow() + opened.BreakDuration).UtcTicks);
            Show(2);
            DependencyLog.Opened(_logger, Name, _member, _failuresInARow, opened.Outcome.Exception);
            return default;
        },
        OnHalfOpened = _ => Changed(CircuitState.HalfOpen, 1),
        OnClosed = _ =>
        {
            Interlocked.Exchange(ref _failuresInARow, 0);
            return Changed(CircuitState.Closed, 0);
        },
    };

    private bool CompletesARun(Outcome<object> outcome) => outcome.Exception switch
    {
        // A probe that was called off, or did not get to run, has not proved that the other side is back.
        OperationCanceledException or DependencyBusyException => _state.CircuitState == CircuitState.HalfOpen,
        _ => IsFailure(outcome) && Interlocked.Increment(ref _failuresInARow) >= Settings.BreakerFailures,
    };

    private bool IsFailure(Outcome<object> outcome) => outcome.Exception switch
    {
        null => _failures.Answered(outcome.Result),
        OperationCanceledException => false,
        TimeoutRejectedException => true,
        Exception thrown => _failures.Thrown(thrown),
    };

    private string OutcomeOf(Exception failure) => failure switch
    {
        BrokenCircuitException => "rejected",
        DependencyBusyException => "busy",
        TimeoutRejectedException => "late",
        OperationCanceledException => "canceled",
        _ => _failures.Thrown(failure) ? "failed" : "answered",
    };

    private ValueTask Changed(CircuitState state, int value)
    {
        Show(value);
        DependencyLog.Changed(_logger, Name, _member, state);
        return default;
    }

    // Members of a family are as many as tenants like: no metric carries them.
    private void Show(int state)
    {
        if (_member is null)
        {
            DependencyTelemetry.Breaker.Record(state, new KeyValuePair<string, object?>("dependency", Name));
        }
    }

    private sealed class NoOptions : ResilienceStrategyOptions;
}
