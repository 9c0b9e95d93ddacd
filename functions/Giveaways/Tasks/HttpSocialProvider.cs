using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Platform;
using FinVault.Platform.Resilience;
using Polly.Timeout;

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

    /// <summary>Failures in a row that open the breaker.</summary>
    public int BreakerFailures { get; init; } = 5;

    public double BreakerSeconds { get; init; } = 30;

    internal DependencySettings Limits => new()
    {
        ConnectSeconds = ConnectSeconds,
        TotalSeconds = ReadSeconds,
        BreakerFailures = BreakerFailures,
        BreakerSeconds = BreakerSeconds,
    };

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
    private readonly HttpClient _client;
    private readonly Dependency _guard;

    /// <param name="options">Where checks go.</param>
    /// <param name="dependencies">The service is <c>social</c> there.</param>
    /// <param name="handler">Null for the network.</param>
    public HttpSocialProvider(SocialOptions options, Dependencies dependencies, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dependencies);
        _options = options;
        _guard = dependencies.Of("social", options.Limits);
        _client = _guard.CreateClient(MaxAnswerBytes, handler);
    }

    public async Task<SocialVerdict> CheckAsync(SocialCheck check, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(check);
        if (_options.Url.Length == 0)
        {
            throw new TimeoutException("No verification service is configured (Social:Url).");
        }

        try
        {
            return await _guard.RunAsync(token => AskAsync(check, token), cancellationToken);
        }
        catch (TimeoutRejectedException)
        {
            throw new TimeoutException($"The verification service did not answer within {_options.ReadSeconds} s.");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<SocialVerdict> AskAsync(SocialCheck check, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"{_options.Url.TrimEnd('/')}/checks")
        {
            Content = JsonContent.Create(check, options: Json.Options),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.Key);
        request.Headers.TryAddWithoutValidation(Correlation.Header, Correlation.Current);
        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, cancellationToken);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<SocialVerdict>(Json.Options, cancellationToken)
                ?? throw new HttpRequestException("The verification service answered nothing.");
        }
        catch (JsonException unreadable)
        {
            throw new HttpRequestException("The verification service's answer cannot be read.", unreadable);
        }
    }
}
