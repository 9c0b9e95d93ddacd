using System.Net;
using System.Text.Json;
using FinVault.Giveaways.Draw;
using FinVault.Local.Giveaways;
using FinVault.Platform.Resilience;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FinVault.Tests.Giveaways.Draw;

/// <summary>The drand adapter, and the simulator that speaks as drand does.</summary>
public sealed class BeaconTests
{
    private static readonly BeaconOptions Options = new()
    {
        Endpoints = ["http://first.test", "http://second.test"], GenesisSeconds = 1_692_803_367, PeriodSeconds = 3,
    };

    private readonly ManualClock _clock = new();
    private readonly List<Uri> _asked = [];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(7, 4)]
    public void RoundAt_IsTheFirstThatIsPublicThen(int secondsAfterGenesis, long round)
    {
        using DrandBeacon beacon = Beacon(_ => Answer(1));
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(Options.GenesisSeconds + secondsAfterGenesis);
        BeaconChoice choice = beacon.RoundAt(time);
        Assert.Equal(round, choice.Round);
        Assert.True(choice.PublicAt() >= time);
    }

    [Fact]
    public async Task Round_ThatIsNotPublicYet_IsNotAskedFor()
    {
        using DrandBeacon beacon = Beacon(_ => Answer(1));
        Assert.Null(await beacon.GetAsync(beacon.RoundAt(_clock.GetUtcNow().AddSeconds(1)).Round, default));
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Answer_ThatDoesNotFitTogether_IsNotTaken_AndTheNextEndpointIsAsked()
    {
        using DrandBeacon beacon = Beacon(uri => uri.Host == "first.test" ? Answer(7, "ab", new string('0', 64)) : Answer(7));
        BeaconRound? round = await beacon.GetAsync(7, default);
        Assert.Equal((7, "abcd"), (round!.Round, round.Signature));
        Assert.Equal(["first.test", "second.test"], _asked.Select(uri => uri.Host));
        Assert.Equal($"/{Options.Chain}/public/7", _asked[0].AbsolutePath);
        using DrandBeacon wrong = Beacon(_ => Answer(8));
        await Assert.ThrowsAsync<BeaconException>(() => wrong.GetAsync(7, default));
    }

    [Fact]
    public async Task BeaconThatFails_IsLeftAloneForAWhile()
    {
        bool down = true;
        using DrandBeacon beacon = Beacon(_ => down ? new(HttpStatusCode.BadGateway) : Answer(7));
        for (int i = 0; i < Options.BreakerFailures; i++)
        {
            await Assert.ThrowsAsync<BeaconException>(() => beacon.GetAsync(7, default));
        }

        down = false;
        int asked = _asked.Count;
        await Assert.ThrowsAsync<BeaconException>(() => beacon.GetAsync(7, default));
        Assert.Equal(asked, _asked.Count);
        _clock.Advance(TimeSpan.FromSeconds(Options.BreakerSeconds + 1));
        Assert.NotNull(await beacon.GetAsync(7, default));
    }

    [Fact]
    public async Task Simulator_IsServedAsDrandIs_AndFollowsTheClock()
    {
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { Time = _clock });
        IRandomnessBeacon simulator = app.Host.Services.GetRequiredService<IRandomnessBeacon>();
        JsonElement info = await app.GetJsonAsync("dev/beacon/own/info");
        using DrandBeacon adapter = new(
            new BeaconOptions
            {
                Endpoints = [$"{app.Client.BaseAddress}dev/beacon"], Chain = info.GetProperty("hash").GetString()!,
                GenesisSeconds = info.GetProperty("genesis_time").GetInt64(), PeriodSeconds = info.GetProperty("period").GetInt32(),
            },
            Registry(),
            _clock);
        BeaconChoice next = adapter.RoundAt(_clock.GetUtcNow().AddMilliseconds(1));
        Assert.Equal(simulator.RoundAt(_clock.GetUtcNow().AddMilliseconds(1)), next);
        Assert.Null(await simulator.GetAsync(next.Round, default));
        using (HttpResponseMessage early = await app.Client.GetAsync($"dev/beacon/{adapter.Chain}/public/{next.Round}"))
        {
            Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        }

        _clock.AdvanceTo(next.PublicAt());
        Assert.Equal(await simulator.GetAsync(next.Round, default), await adapter.GetAsync(next.Round, default));
        JsonElement latest = await app.GetJsonAsync("dev/beacon/own/public/latest");
        Assert.Equal(next.Round, latest.GetProperty("round").GetInt64());
    }

    [Fact]
    public async Task Simulator_IsTheSameForItsFolder()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-beacon-").FullName;
        BeaconRound? first = await new SimulatedBeacon(folder, _clock).GetAsync(5, default);
        Assert.Equal(first, await new SimulatedBeacon(folder, _clock).GetAsync(5, default));
        Assert.NotEqual(first, await new SimulatedBeacon(null, _clock).GetAsync(5, default));
        Directory.Delete(folder, recursive: true);
    }

    private DrandBeacon Beacon(Func<Uri, HttpResponseMessage> answer) => new(Options, Registry(), _clock, new Answering(uri =>
    {
        _asked.Add(uri);
        return answer(uri);
    }));

    private Dependencies Registry() => new(_clock, NullLogger<Dependencies>.Instance);

    private static HttpResponseMessage Answer(long round, string signature = "abcd", string? randomness = null) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(JsonSerializer.Serialize(new
        {
            round,
            signature,
            randomness = randomness ?? DrawScheme.Hex(System.Security.Cryptography.SHA256.HashData(Convert.FromHexString(signature))),
        }), System.Text.Encoding.UTF8, "application/json"),
    };

    private sealed class Answering(Func<Uri, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request.RequestUri!));
    }
}
