namespace FinVault.Portfolios;

/// <summary>Rates of this moment: units for one euro by currency.</summary>
/// <param name="Rates">By ISO 4217; without the euro itself.</param>
/// <param name="AsOf">When they were made.</param>
/// <param name="Source">Who says so.</param>
/// <param name="Stale">True when they must not be taken for the current ones.</param>
public sealed record LiveTable(
    IReadOnlyDictionary<string, decimal> Rates, DateTimeOffset AsOf, string Source, bool Stale = false);

/// <summary>Where live rates come from: the boundary to whoever sells them.</summary>
public interface ILiveRates
{
    /// <summary>All of them in one call; null where there is no such source: the last daily rates stand in, and say so.</summary>
    Task<LiveTable?> ReadAsync(CancellationToken cancellationToken);
}
