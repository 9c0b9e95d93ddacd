namespace FinVault.Market.Live;

/// <summary>
/// Hears of every quote that this instance has published, in the tick pipeline itself: it must be quick, take nothing
/// from the store per tick, and never throw. A tick that it misses by a crash is a quote that it hears later.
/// </summary>
public interface IQuoteListener
{
    /// <summary>Takes the quotes that were just published, each symbol once.</summary>
    void Add(IReadOnlyList<Quote> changed);
}
