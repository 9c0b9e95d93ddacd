using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinVault.Giveaways.Draw;
using FinVault.Local.Hosting;

namespace FinVault.Local.Giveaways;

/// <summary>
/// Stands in for drand: a chain of its own for each data folder, whose rounds follow from a key in that folder and come
/// by the host's clock. Whoever has the key can know rounds early, so it proves nothing to anybody: it shows how things
/// work. Served as drand serves its chains: <c>/dev/beacon/{chain}/info</c>, <c>…/public/{round}</c>,
/// <c>…/public/latest</c>.
/// </summary>
internal sealed class SimulatedBeacon : IRandomnessBeacon
{
    private const int KeyBytes = 32;
    private const int PeriodSeconds = 3;

    // 2020-01-01T00:00:00Z
    private const long GenesisSeconds = 1_577_836_800;

    private readonly byte[] _key;
    private readonly TimeProvider _time;

    public SimulatedBeacon(string? folder, TimeProvider time)
    {
        _key = KeyFile.Open(folder, "beacon.key", KeyBytes);
        _time = time;
        Chain = DrawScheme.Hex(SHA256.HashData([.. _key, .. "chain"u8]));
    }

    public string Chain { get; }

    public BeaconChoice RoundAt(DateTimeOffset time)
    {
        long milliseconds = Math.Max(0, time.ToUnixTimeMilliseconds() - (GenesisSeconds * 1_000));
        const long period = PeriodSeconds * 1_000L;
        return new(Chain, GenesisSeconds, PeriodSeconds, ((milliseconds + period - 1) / period) + 1);
    }

    public Task<BeaconRound?> GetAsync(long round, CancellationToken cancellationToken)
    {
        bool isPublic = round >= 1
            && new BeaconChoice(Chain, GenesisSeconds, PeriodSeconds, round).PublicAt() <= _time.GetUtcNow();
        return Task.FromResult(isPublic ? Round(round) : null);
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/dev/beacon/{chain}/info", (string chain, IServiceProvider services) =>
            Of(services, chain) is { } beacon
                ? Results.Json(new { hash = beacon.Chain, period = PeriodSeconds, genesis_time = GenesisSeconds })
                : Results.NotFound());
        endpoints.MapGet("/dev/beacon/{chain}/public/{round}", async (
            string chain, string round, IServiceProvider services, CancellationToken cancellationToken) =>
        {
            if (Of(services, chain) is not { } beacon)
            {
                return Results.NotFound();
            }

            long newest = beacon.RoundAt(beacon._time.GetUtcNow().AddSeconds(1 - PeriodSeconds)).Round;
            long wanted = round == "latest" ? newest
                : long.TryParse(round, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
            return await beacon.GetAsync(wanted, cancellationToken) is { } found
                ? Results.Json(new { round = found.Round, randomness = found.Randomness, signature = found.Signature })
                : Results.NotFound();
        });
    }

    private static SimulatedBeacon? Of(IServiceProvider services, string chain) =>
        services.GetService<IRandomnessBeacon>() is SimulatedBeacon beacon && (chain == "own" || chain == beacon.Chain)
            ? beacon
            : null;

    private BeaconRound Round(long round)
    {
        byte[] signature = HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes($"round {round}"));
        return new(round, DrawScheme.Hex(signature), DrawScheme.Hex(SHA256.HashData(signature)));
    }
}
