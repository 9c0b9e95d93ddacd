using System.Collections.Concurrent;
using FinVault.Market.Providers;

namespace FinVault.Local.Feed;

public enum SimulatedBehaviour
{
    Good,

    /// <summary>Answers, but only after <see cref="SimulatedProvider.Delay"/>.</summary>
    Slow,

    /// <summary>Fails as <see cref="SimulatedProvider.Failure"/> says.</summary>
    Failing,

    /// <summary>Answers with prices that nobody asked for.</summary>
    Wrong,
}

/// <summary>A price provider in this process, which can be made slow, failing or wrong while it is used.</summary>
public sealed class SimulatedProvider(string name, TimeProvider time) : IPriceProvider
{
    private readonly ConcurrentDictionary<string, decimal> _prices = new();
    private readonly TaskCompletionSource _calledOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    public string Name => name;

    public int MaxSymbols { get; init; } = 50;

    public SimulatedBehaviour Behaviour { get; set; }

    public TimeSpan Delay { get; set; }

    public ProviderFailure Failure { get; set; } = ProviderFailure.Unreachable;

    /// <summary>Requests so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Completes when the caller gives up a request for the first time.</summary>
    public Task CalledOff => _calledOff.Task;

    /// <summary>Gives a symbol a price; one without is not known here.</summary>
    public SimulatedProvider With(string symbol, decimal price)
    {
        _prices[symbol] = price;
        return this;
    }

    public async Task<ProviderAnswer> GetQuotesAsync(IReadOnlyList<string> symbols, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            await Task.Delay(Behaviour == SimulatedBehaviour.Slow ? Delay : TimeSpan.Zero, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            _calledOff.TrySetResult();
            throw;
        }

        return Behaviour switch
        {
            SimulatedBehaviour.Failing => ProviderAnswer.Failed(Name, Failure),
            SimulatedBehaviour.Wrong => ProviderAnswer.Of(Name, [new("NOBODY-ASKED", 1, null, time.GetUtcNow())]),
            _ => ProviderAnswer.Of(
                Name, [.. symbols.Where(_prices.ContainsKey).Select(symbol => Price(symbol))]),
        };
    }

    private ProviderPrice Price(string symbol) => new(symbol, _prices[symbol], null, time.GetUtcNow());
}
