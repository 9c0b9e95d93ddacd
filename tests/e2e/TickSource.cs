using System.Globalization;
using System.Net.Http.Json;

namespace FinVault.Tests.E2e;

/// <summary>One tick as a feed sends it.</summary>
public sealed record SentTick(string Symbol, decimal Price, long Volume, DateTimeOffset EventTime);

/// <summary>
/// A feed of the tests' own, over HTTP, for symbols that trade around the clock. Each symbol's price stays within a
/// thousandth of its own level, so that the order of symbols by price is known while every price moves.
/// </summary>
public sealed class TickSource(Uri server, string name, int symbols) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { BaseAddress = server };
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _round;

    /// <summary>Symbol number <paramref name="index"/>: the higher the number, the higher its price.</summary>
    public string Symbol(int index) => string.Create(CultureInfo.InvariantCulture, $"TEST-{name}-{index:D3}");

    /// <summary>Sends a tick of every symbol, again and again, until <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        await SendRoundAsync();
        _running = RunAsync();
    }

    /// <summary>Falls silent.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Sends these ticks in one call.</summary>
    public async Task SendAsync(params SentTick[] ticks)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/market/ticks")
        {
            Content = JsonContent.Create(ticks),
        };
        request.Headers.Add("x-feed", name);
        using HttpResponseMessage answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public SentTick TickOf(int index, int step) => new(
        Symbol(index), 100m * (index + 1) + 0.05m * (step % 2), 1_000 + (10 * step), DateTimeOffset.UtcNow);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(Pause, _stop.Token);
            await SendRoundAsync();
        }
    }

    private Task SendRoundAsync()
    {
        _round++;
        return SendAsync([.. Enumerable.Range(0, symbols).Select(index => TickOf(index, _round))]);
    }
}
