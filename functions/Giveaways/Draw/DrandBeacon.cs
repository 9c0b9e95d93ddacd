using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using FinVault.Platform.Resilience;
using Polly;
using Polly.Timeout;

namespace FinVault.Giveaways.Draw;

/// <summary>
/// drand over HTTP: <c>GET {endpoint}/{chain}/public/{round}</c> (docs.drand.love/developer/http-api). The randomness is
/// checked to be SHA-256 of the signature. The signature itself is not checked against the chain's public key: .NET has
/// no BLS12-381. Whoever doubts an endpoint asks another one; the rules say for which round.
/// </summary>
public sealed class DrandBeacon : IRandomnessBeacon, IDisposable
{
    private const int MaxAnswerBytes = 16 * 1024;

    private readonly BeaconOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly Dependency _guard;

    /// <param name="options">The chain and where to ask for it.</param>
    /// <param name="dependencies">The beacon is <c>beacon</c> there.</param>
    /// <param name="time">Rounds are public by its time.</param>
    /// <param name="handler">Null for the network.</param>
    public DrandBeacon(
        BeaconOptions options, Dependencies dependencies, TimeProvider time, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dependencies);
        _options = options;
        _time = time;
        _guard = dependencies.Of("beacon", options.Limits, FailureRule.Only<BeaconException>());
        _client = _guard.CreateClient(MaxAnswerBytes, handler);
    }

    public string Chain => _options.Chain;

    public BeaconChoice RoundAt(DateTimeOffset time)
    {
        long after = Math.Max(0, (time - DateTimeOffset.FromUnixTimeSeconds(_options.GenesisSeconds)).Ticks);
        long period = TimeSpan.FromSeconds(_options.PeriodSeconds).Ticks;
        long round = ((after + period - 1) / period) + 1;
        return new(_options.Chain, _options.GenesisSeconds, _options.PeriodSeconds, round);
    }

    public async Task<BeaconRound?> GetAsync(long round, CancellationToken cancellationToken)
    {
        BeaconChoice choice = new(_options.Chain, _options.GenesisSeconds, _options.PeriodSeconds, round);
        if (_time.GetUtcNow() < choice.PublicAt())
        {
            return null;
        }

        try
        {
            return await _guard.RunAsync(token => AskAllAsync(round, token), cancellationToken);
        }
        catch (TimeoutRejectedException late)
        {
            throw new BeaconException("None of the beacon's endpoints answered in time.", late);
        }
        catch (ExecutionRejectedException open)
        {
            throw new BeaconException("The beacon failed often and is left alone for a while.", open);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<BeaconRound> AskAllAsync(long round, CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        foreach (string endpoint in _options.EndpointsOrDefault)
        {
            try
            {
                return await AskAsync(new($"{endpoint.TrimEnd('/')}/{_options.Chain}/public/{round}"), round, cancellationToken);
            }
            catch (BeaconException failed)
            {
                failures.Add(failed);
            }
        }

        throw new BeaconException(
            string.Join(' ', failures.Select(failure => failure.Message)), new AggregateException(failures));
    }

    private async Task<BeaconRound> AskAsync(Uri address, long round, CancellationToken cancellationToken)
    {
        using CancellationTokenSource slow = new(TimeSpan.FromSeconds(_options.ReadSeconds), _time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(slow.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(address, either.Token);
            // 404 and 425 (too early) also come from an endpoint whose clock or chain is behind: the next may know.
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new BeaconException($"{address.Host} answered {(int)response.StatusCode}.");
            }

            Answer answer = await response.Content.ReadFromJsonAsync<Answer>(either.Token)
                ?? throw new BeaconException($"{address.Host} answered nothing.");
            return Checked(answer, round, address.Host);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BeaconException($"{address.Host} did not answer within {_options.ReadSeconds} s.");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or JsonException or FormatException)
        {
            throw new BeaconException($"{address.Host} cannot be asked: {broken.Message}", broken);
        }
    }

    private static BeaconRound Checked(Answer answer, long round, string host)
    {
        string randomness = DrawScheme.Hex(SHA256.HashData(Convert.FromHexString(answer.Signature ?? "")));
        return answer.Round == round && answer.Signature is { Length: > 0 } signature && answer.Randomness == randomness
            ? new(round, signature.ToLowerInvariant(), randomness)
            : throw new BeaconException($"{host} answered a round that does not fit together.");
    }

    private sealed record Answer(long Round, string? Randomness, string? Signature);
}
