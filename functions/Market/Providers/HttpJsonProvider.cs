using System.Net;
using System.Text.Json;

namespace FinVault.Market.Providers;

/// <summary>A provider over HTTP and JSON, as <see cref="HttpProviderOptions"/> describes it.</summary>
public sealed class HttpJsonProvider : IPriceProvider, IDisposable
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    private readonly HttpProviderOptions _options;
    private readonly TimeProvider _time;
    private readonly ProviderAnswerReader _reader;
    private readonly HttpClient _client;

    public HttpJsonProvider(HttpProviderOptions options, TimeProvider time)
        : this(options, time, CreateHandler(options))
    {
    }

    internal HttpJsonProvider(HttpProviderOptions options, TimeProvider time, HttpMessageHandler handler)
    {
        _options = options;
        _time = time;
        _reader = new(options, time);
        // The times are ours to keep, in GetQuotesAsync and around it.
        _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerBytes };
    }

    public string Name => _options.Name;

    public int MaxSymbols => _options.OneSymbolOnly ? 1 : _options.BatchSize;

    public async Task<ProviderAnswer> GetQuotesAsync(IReadOnlyList<string> symbols, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        using CancellationTokenSource slow = new(
            TimeSpan.FromSeconds(_options.ConnectSeconds + _options.ReadSeconds), _time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(slow.Token, cancellation);
        try
        {
            using HttpRequestMessage request = Request(symbols);
            using HttpResponseMessage response = await _client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                return Failed(response.StatusCode == HttpStatusCode.TooManyRequests
                    ? ProviderFailure.Throttled
                    : ProviderFailure.Refused);
            }

            slow.CancelAfter(TimeSpan.FromSeconds(_options.ReadSeconds));
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, either.Token);
            using Stream body = await response.Content.ReadAsStreamAsync(either.Token);
            using JsonDocument answer = await JsonDocument.ParseAsync(body, default, either.Token);
            return ProviderAnswer.Of(Name, _reader.Read(answer.RootElement, symbols));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(ProviderFailure.Timeout);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return Failed(ProviderFailure.Unreachable);
        }
        catch (JsonException)
        {
            return Failed(ProviderFailure.Malformed);
        }
    }

    public void Dispose() => _client.Dispose();

    private ProviderAnswer Failed(ProviderFailure failure) => ProviderAnswer.Failed(Name, failure);

    private HttpRequestMessage Request(IReadOnlyList<string> symbols)
    {
        string names = string.Join(',', symbols.Select(
            symbol => Uri.EscapeDataString(_options.Aliases.GetValueOrDefault(symbol, symbol))));
        string url = _options.Url
            .Replace("{symbols}", names, StringComparison.Ordinal)
            .Replace("{symbol}", names, StringComparison.Ordinal)
            .Replace("{key}", Uri.EscapeDataString(_options.Key), StringComparison.Ordinal);
        HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Accept.Add(new("application/json"));
        foreach ((string name, string value) in _options.Headers)
        {
            request.Headers.TryAddWithoutValidation(
                name, value.Replace("{key}", _options.Key, StringComparison.Ordinal));
        }

        return request;
    }

    private static SocketsHttpHandler CreateHandler(HttpProviderOptions options) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(options.ConnectSeconds),
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A redirect would carry the key to wherever it points.
        AllowAutoRedirect = false,
    };
}
