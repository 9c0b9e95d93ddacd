namespace FinVault.Market.Providers;

/// <summary>A price as a provider tells it.</summary>
/// <param name="Symbol">As FinVault calls it.</param>
/// <param name="Price">Last traded price, above 0, in the exchange's currency.</param>
/// <param name="Volume">Cumulative volume of the day; null where the provider does not tell.</param>
/// <param name="EventTime">When the provider says that it was traded.</param>
public sealed record ProviderPrice(string Symbol, decimal Price, long? Volume, DateTimeOffset EventTime);

/// <summary>Why a provider gave no prices.</summary>
public enum ProviderFailure
{
    /// <summary>It took longer than it may.</summary>
    Timeout,

    /// <summary>It could not be reached, or the connection broke.</summary>
    Unreachable,

    /// <summary>It answered with an error status.</summary>
    Refused,

    /// <summary>It said that it was asked too often.</summary>
    Throttled,

    /// <summary>Its answer cannot be understood, or holds no usable price of what was asked for.</summary>
    Malformed,

    /// <summary>Not asked: our own limit for it is used up.</summary>
    RateLimited,

    /// <summary>Not asked: it failed too often and is given time.</summary>
    CircuitOpen,
}

/// <summary>What a provider answered: prices, perhaps not of every symbol, or why there are none.</summary>
public sealed record ProviderAnswer(string Provider, IReadOnlyList<ProviderPrice> Prices, ProviderFailure? Failure)
{
    public static ProviderAnswer Of(string provider, IReadOnlyList<ProviderPrice> prices) =>
        new(provider, prices, prices.Count == 0 ? ProviderFailure.Malformed : null);

    public static ProviderAnswer Failed(string provider, ProviderFailure failure) => new(provider, [], failure);
}

/// <summary>A source of latest prices that is asked, where a feed sends by itself.</summary>
public interface IPriceProvider
{
    /// <summary>Unique; the <c>source</c> of the quotes that come from it.</summary>
    string Name { get; }

    /// <summary>Symbols it takes in one request.</summary>
    int MaxSymbols { get; }

    /// <summary>
    /// Asks once. Failures are answers; it throws only when <paramref name="cancellation"/> is cancelled.
    /// </summary>
    /// <param name="symbols">1 to <see cref="MaxSymbols"/>.</param>
    Task<ProviderAnswer> GetQuotesAsync(IReadOnlyList<string> symbols, CancellationToken cancellation);
}
