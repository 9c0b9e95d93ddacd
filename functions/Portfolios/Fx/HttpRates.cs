using System.Text.Json;
using FinVault.Platform.Resilience;
using Microsoft.Extensions.Logging;

namespace FinVault.Portfolios;

/// <summary>
/// Rates over HTTP: live ones from the source of the settings, and where that has none or fails, the central bank's of the
/// last day; the bank's whole table for what was missed. Each behind a breaker of its own (<c>fx-live</c>, <c>fx-ecb</c>).
/// </summary>
public sealed partial class HttpRates : ILiveRates, IDisposable
{
    private const int MaxAnswerBytes = 32 * 1024 * 1024;
    private const string Ecb = "ecb";

    private readonly FxOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<HttpRates> _logger;
    private readonly Dependency _live;
    private readonly Dependency _bank;
    private readonly HttpClient _client;

    /// <param name="options">Whom to ask.</param>
    /// <param name="dependencies">Where the breakers are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when the live source fails.</param>
    /// <param name="handler">Null for the network.</param>
    public HttpRates(
        FxOptions options, Dependencies dependencies, TimeProvider time, ILogger<HttpRates> logger,
        HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dependencies);
        (_options, _time, _logger) = (options, time, logger);
        _live = dependencies.Of("fx-live", options.Limits);
        _bank = dependencies.Of("fx-ecb", options.Limits);
        _client = _live.CreateClient(MaxAnswerBytes, handler);
    }

    /// <exception cref="HttpRequestException">Nobody who was asked answered with rates.</exception>
    public async Task<LiveTable?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_options.Url.Length > 0)
        {
            try
            {
                return await _live.RunAsync(ReadLiveAsync, cancellationToken);
            }
            catch (Exception failure) when (Platform.Failures.IsTransient(failure)
                && !cancellationToken.IsCancellationRequested && _options.DailyUrl.Length > 0)
            {
                LiveFailed(_logger, failure);
            }
        }

        return _options.DailyUrl.Length == 0 ? null : TableOf(await ReadDaysAsync(_options.DailyUrl, cancellationToken));
    }

    /// <summary>The bank's rates by currency and day.</summary>
    /// <param name="url">Of the last day, or of all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">They did not come, or are none.</exception>
    internal Task<IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, decimal>>> ReadDaysAsync(
        string url, CancellationToken cancellationToken) => _bank.RunAsync(
            async token =>
            {
                using Stream body = new MemoryStream(await _client.GetByteArrayAsync(new Uri(url), token), writable: false);
                return Understood(() => EcbXml.Read(body));
            },
            cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<LiveTable?> ReadLiveAsync(CancellationToken cancellationToken)
    {
        byte[] body = await _client.GetByteArrayAsync(new Uri(_options.Url), cancellationToken);
        return Understood(() => FxAnswer.Read(JsonElement.Parse(body), _options, _time.GetUtcNow()));
    }

    private LiveTable TableOf(IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, decimal>> days)
    {
        DateOnly last = days.Values.SelectMany(one => one.Keys).Max();
        DateTimeOffset asOf = new(last, TimeOnly.MinValue, TimeSpan.Zero);
        return new(
            days.Where(one => one.Value.ContainsKey(last)).ToDictionary(one => one.Key, one => one.Value[last]), asOf, Ecb,
            _time.GetUtcNow() - asOf > TimeSpan.FromHours(_options.StaleHours));
    }

    // An answer that makes no sense is as good as none, and counts with the breaker like one.
    private static T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            throw new HttpRequestException($"The rates cannot be understood: {wrong.Message}", wrong);
        }
    }

    [LoggerMessage(1502, LogLevel.Warning, "The live rates did not come; the central bank's of the last day stand in.")]
    private static partial void LiveFailed(ILogger logger, Exception failure);
}
