namespace FinVault.Portfolios;

/// <summary>A corporate action that makes earlier prices incomparable.</summary>
/// <param name="ExDate">The first day that trades without it.</param>
/// <param name="Factor">Units afterwards for one before: 2 for a 2:1 split or a 1:1 bonus issue; 1 for a dividend.</param>
/// <param name="Dividend">Cash for one unit as it was before, in units of currency.</param>
public sealed record PriceAction(DateOnly ExDate, decimal Factor = 1, decimal Dividend = 0);

/// <summary>Back-adjusts prices and quantities for what happened after them.</summary>
public static class PriceHistory
{
    /// <summary>
    /// Closes as they would have been in today's units: those before an ex-date are divided by its factor and, for
    /// total return, multiplied by (1 − dividend ÷ last close before it), as CRSP and data vendors do.
    /// </summary>
    /// <param name="closes">Ascending by day.</param>
    /// <param name="actions">In any order.</param>
    /// <param name="withDividends">Whether dividends count as return.</param>
    public static IReadOnlyList<(DateOnly Date, decimal Close)> BackAdjust(
        IReadOnlyList<(DateOnly Date, decimal Close)> closes, IEnumerable<PriceAction> actions, bool withDividends)
    {
        ArgumentNullException.ThrowIfNull(closes);
        PriceAction[] latestFirst = [.. actions.OrderByDescending(action => action.ExDate)];
        (DateOnly Date, decimal Close)[] adjusted = [.. closes];
        (decimal factor, int next) = (1, 0);
        for (int i = adjusted.Length - 1; i >= 0; i--)
        {
            (DateOnly date, decimal close) = closes[i];
            for (; next < latestFirst.Length && latestFirst[next].ExDate > date; next++)
            {
                factor *= Factor(latestFirst[next], close, withDividends);
            }

            adjusted[i] = (date, close * factor);
        }

        return adjusted;
    }

    /// <summary>A quantity of a day in the units of another, later day.</summary>
    public static decimal Quantity(decimal quantity, DateOnly on, DateOnly until, IEnumerable<PriceAction> actions) =>
        actions.Where(action => action.ExDate > on && action.ExDate <= until)
            .Aggregate(quantity, (units, action) => units * action.Factor);

    private static decimal Factor(PriceAction action, decimal close, bool withDividends) =>
        (withDividends ? 1 - (action.Dividend / close) : 1) / action.Factor;
}
