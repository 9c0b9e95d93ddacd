using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Platform;
using Polly;
using Polly.CircuitBreaker;

namespace FinVault.Giveaways;

/// <summary>The settings under <c>Social</c>.</summary>
public sealed record SocialOptions
{
    public const string Section = "Social";

    /// <summary>Where checks are posted to; empty: there are none, and verifications wait.</summary>
    public string Url { get; init; } = "";

    /// <summary>A secret, sent as bearer token.</summary>
    public string Key { get; init; } = "";

    public double ConnectSeconds { get; init; } = 3;

    /// <summary>Longest wait for a whole answer.</summary>
    public double ReadSeconds { get; init; } = 10;

    /// <summary>Failures within the break's length that open the breaker.</summary>
    public int BreakerFailures { get; init; } = 5;

    public double BreakerSeconds { get; init; } = 30;

    /// <summary>Between two questions while the network does not say.</summary>
    public double PollSeconds { get; init; } = 15;

    /// <summary>From this fraud score on a completion does not count.</summary>
    public int FraudLimit { get; init; } = 70;
}

/// <summary>
/// A verification service over HTTP: <c>POST {url}/checks</c> with a <see cref="SocialCheck"/>, answers a
/// <see cref="SocialVerdict"/>. Every other answer is a failure of the service, not of the participant.
/// </summary>
public sealed class HttpSocialProvider : ISocialProvider, IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly SocialOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly ResiliencePipeline _breaker;

    public HttpSocialProvider(SocialOptions options, TimeProvider time)
        : this(options, time, new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(options.ConnectSeconds),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A redirect would carry the key to wherever it points.
            AllowAutoRedirect = false,
        })
    {
    }

    internal HttpSocialProvider(SocialOptions options, TimeProvider time, HttpMessageHandler handler)
    {
        (_options, _time) = (options, time);
        _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerBytes };
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 1,
                MinimumThroughput = options.BreakerFailures,
                SamplingDuration = TimeSpan.FromSeconds(options.BreakerSeconds),
                BreakDuration = TimeSpan.FromSeconds(options.BreakerSeconds),
                ShouldHandle = outcome => new(outcome.Outcome.Exception is not null and not OperationCanceledException),
            })
            .Build();
    }

    public async Task<SocialVerdict> CheckAsync(SocialCheck check, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(check);
        return _options.Url.Length == 0
            ? throw new TimeoutException("No verification service is configured (Social:Url).")
            : await _breaker.ExecuteAsync(async token => await AskAsync(check, token), cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private async Task<SocialVerdict> AskAsync(SocialCheck check, CancellationToken cancellationToken)
    {
        using CancellationTokenSource slow = new(TimeSpan.FromSeconds(_options.ReadSeconds), _time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(slow.Token, cancellationToken);
        using HttpRequestMessage request = new(HttpMethod.Post, $"{_options.Url.TrimEnd('/')}/checks")
        {
            Content = JsonContent.Create(check, options: Json.Options),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.Key);
        request.Headers.TryAddWithoutValidation(Correlation.Header, Correlation.Current);
        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, either.Token);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<SocialVerdict>(Json.Options, either.Token)
                ?? throw new HttpRequestException("The verification service answered nothing.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The verification service did not answer within {_options.ReadSeconds} s.");
        }
        catch (JsonException unreadable)
        {
            throw new HttpRequestException("The verification service's answer cannot be read.", unreadable);
        }
    }
}
