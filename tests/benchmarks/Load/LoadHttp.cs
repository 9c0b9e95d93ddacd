using System.Net.Http.Headers;
using System.Text.Json;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Load;

/// <summary>An answer of FinVault.</summary>
/// <param name="Status">HTTP's; 0 without one.</param>
/// <param name="Body">As JSON; default where there is none, or it was not wanted.</param>
internal readonly record struct LoadAnswer(int Status, JsonElement Body)
{
    public bool IsGood => Status is >= 200 and < 400;
}

/// <summary>Sends requests and has each counted.</summary>
internal sealed class LoadHttp(Uri url, LoadMeter meter, LoadClock clock) : IDisposable
{
    private const string NoAnswer = "no answer";
    private const double LongestWaitSeconds = 120;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AutomaticDecompression = System.Net.DecompressionMethods.All, PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        BaseAddress = new(url, "api/v1/"), Timeout = Patience,
    };

    /// <param name="caller">In whose name.</param>
    /// <param name="method">HTTP's.</param>
    /// <param name="route">What figures are kept by.</param>
    /// <param name="path">Below <c>/api/v1/</c>.</param>
    /// <param name="due">When it should be sent, in seconds of the run; null for now.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="read">Whether the body of the answer is wanted.</param>
    public async Task<LoadAnswer> SendAsync(
        LoadCaller caller, HttpMethod method, string route, string path, double? due = null, object? body = null,
        bool read = false)
    {
        double sent = clock.Now;
        (int status, string? problem, JsonElement json) = await AskAsync(caller, method, path, body, read);
        meter.Add(new($"{method} {route}", due ?? sent, sent, clock.Now, status, problem));
        return new(status, json);
    }

    /// <summary>Asks again for as long as the answer is that it is too soon.</summary>
    public async Task<LoadAnswer> SendPatientlyAsync(
        LoadCaller caller, HttpMethod method, string path, double until, object? body = null)
    {
        while (true)
        {
            await clock.UntilAsync(Math.Min(until, caller.NotBefore));
            LoadAnswer answer = await SendAsync(caller, method, path, path, null, body, read: true);
            if (answer.Status != LoadSample.TooMany || clock.Now >= until)
            {
                return answer;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, string? Problem, JsonElement Body)> AskAsync(
        LoadCaller caller, HttpMethod method, string path, object? body, bool read)
    {
        using HttpRequestMessage request = new(method, path);
        request.Headers.UserAgent.Add(new("FinVault-load", "1"));
        request.Headers.Authorization = caller.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
        request.Content = body is null ? null : new StringContent(Figures.ToJson(body), null, "application/json");
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request);
            byte[] bytes = await answer.Content.ReadAsByteArrayAsync();
            int status = (int)answer.StatusCode;
            if (status == LoadSample.TooMany)
            {
                caller.Wait(clock.Now + WaitOf(answer));
            }

            return status >= 400
                ? (status, CodeOf(bytes) ?? answer.ReasonPhrase ?? "", default)
                : (status, null, read && bytes.Length > 0 ? JsonElement.Parse(bytes) : default);
        }
        catch (OperationCanceledException)
        {
            return (0, FormattableString.Invariant($"{NoAnswer} for {Patience.TotalSeconds} s"), default);
        }
        catch (HttpRequestException failure)
        {
            return (0, $"{NoAnswer}: {failure.HttpRequestError}", default);
        }
        catch (IOException)
        {
            return (0, $"{NoAnswer}: the connection broke", default);
        }
    }

    private static double WaitOf(HttpResponseMessage answer)
    {
        RetryConditionHeaderValue? wait = answer.Headers.RetryAfter;
        TimeSpan? left = wait?.Delta ?? (wait?.Date - DateTimeOffset.UtcNow);
        return Math.Clamp(left?.TotalSeconds ?? 1, 0.1, LongestWaitSeconds);
    }

    /// <summary>The code of a problem (RFC 9457); null for an answer that is none.</summary>
    internal static string? CodeOf(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body);
        try
        {
            return JsonElement.TryParseValue(ref reader, out JsonElement? problem)
                && problem is { ValueKind: JsonValueKind.Object } found
                && found.TryGetProperty("code", out JsonElement code) && code.ValueKind == JsonValueKind.String
                    ? code.GetString()
                    : null;
        }
        catch (JsonException)
        {
            // A proxy in front answers in HTML.
            return null;
        }
    }
}
