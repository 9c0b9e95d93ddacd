using System.Text.Json;
using FinVault.Market.Ingest;
using FinVault.Market.Live;
using FinVault.Tests.Local.SignalR;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Market.App;

/// <summary>One app for all tests of packed quotes; each test has symbols of its own.</summary>
public sealed class PackedApp : IAsyncLifetime
{
    private MarketApp _app = null!;
    private int _sent;

    public IServiceProvider Services => _app.App.Host.Services;

    internal ManualClock Clock => _app.Clock;

    public async Task InitializeAsync() => _app = await MarketApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public static string[] Symbols(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(index => $"{name}-{index:D2}")];

    /// <summary>Brings a tick of each symbol, at this price.</summary>
    public async Task TickAsync(decimal price, params string[] symbols)
    {
        int volume = _sent + 1;
        _sent += symbols.Length;
        await _app.TakeAsync(
            $"[{string.Join(',', symbols.Select(symbol => TickIntakeTests.Tick(symbol, price, volume, 0)))}]", _sent);
    }

    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(
        new Uri(_app.Client.BaseAddress!, "api/v1/realtime/negotiate"));

    /// <summary>Calls the hub and answers with the result.</summary>
    public static async Task<JsonElement> CallAsync(RawClient client, string method, params string[] symbols)
    {
        await client.SendAsync(JsonSerializer.Serialize(
            new { type = 1, invocationId = "1", target = method, arguments = new[] { symbols } }));
        JsonElement answer = await client.NextAsync(record => record.GetProperty("type").GetInt32() == 3);
        return answer.GetProperty("result");
    }

    /// <summary>The next packed message, as it was sent.</summary>
    public static async Task<JsonElement> HearAsync(RawClient client) => (await client.NextAsync(
        record => record.TryGetProperty("target", out JsonElement target) && target.GetString() == Realtime.Packed))
        .GetProperty("arguments")[0];

    /// <summary>A round of every share; how many messages were sent.</summary>
    public async Task<int> RoundAsync(PackedRounds? rounds = null)
    {
        rounds ??= Services.GetRequiredService<PackedRounds>();
        int sent = 0;
        foreach (string share in await Services.GetRequiredService<TicksHub>().PartitionIdsAsync(CancellationToken.None))
        {
            sent += await rounds.RoundAsync(share, CancellationToken.None);
        }

        return sent;
    }
}
