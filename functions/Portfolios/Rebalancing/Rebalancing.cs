namespace FinVault.Portfolios;

/// <summary>
/// Plans the trades that bring an account back to its targets. Pure.
/// <para>
/// Nothing is traded while all weights are within their bands. Else what is above its band is sold down to its target
/// and what is below is bought up to it; if that needs more cash than there is, holdings above target but within their
/// bands are sold, the least taxed first; if cash is left, those below target are bought. What has no target is sold.
/// </para>
/// </summary>
public static class Rebalancing
{
    /// <param name="holdings">All that is held, and all that has a target, each once, with its price.</param>
    /// <param name="cash">Of the account, minor units.</param>
    /// <param name="currency">The account's, ISO 4217.</param>
    /// <param name="rules">Without fault; every target is among the holdings.</param>
    /// <param name="today">Decides how long lots have been held.</param>
    /// <exception cref="ArgumentException">The rules have a fault, or a price is missing.</exception>
    public static RebalancePlan Plan(
        IReadOnlyList<RebalanceHolding> holdings, long cash, string currency, RebalanceRules rules, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(holdings);
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(rules));
        }

        if (holdings.Any(holding => holding.Price <= 0)
            || !rules.Targets.Keys.All(symbol => holdings.Any(holding => holding.Symbol == symbol)))
        {
            throw new ArgumentException("Every holding and every target needs a price above 0.", nameof(holdings));
        }

        RebalanceDraft draft = new(holdings, cash, currency, rules, today);
        if (draft.Total > 0 && draft.Assets.Any(asset => draft.IsOutside(asset)))
        {
            Trade(draft);
        }

        return draft.Finish();
    }

    private static void Trade(RebalanceDraft draft)
    {
        RebalanceAsset[] under = [.. draft.Assets.Where(asset => draft.IsOutside(asset) && asset.Value < asset.Wanted)];
        foreach (RebalanceAsset asset in draft.Assets.Where(asset => draft.IsOutside(asset) && asset.Value > asset.Wanted))
        {
            draft.Sell(asset, asset.Value - asset.Wanted);
        }

        foreach (RebalanceAsset asset in draft.Assets
            .Where(asset => asset.Value > asset.Wanted && asset.Order is null)
            .OrderBy(draft.TaxRate)
            .ThenByDescending(asset => asset.Value - asset.Wanted))
        {
            long missing = under.Sum(draft.CostOfWanted) - draft.Spendable;
            if (missing > 0)
            {
                draft.Sell(asset, Math.Min(asset.Value - asset.Wanted, draft.SaleFor(missing, asset)));
            }
        }

        foreach (RebalanceAsset asset in under.OrderByDescending(asset => asset.Wanted - asset.Value))
        {
            draft.Buy(asset, asset.Wanted - asset.Value);
        }

        foreach (RebalanceAsset asset in draft.Assets
            .Where(asset => asset.Value < asset.Wanted && asset.Order is null)
            .OrderByDescending(asset => asset.Wanted - asset.Value))
        {
            draft.Buy(asset, asset.Wanted - asset.Value);
        }
    }
}
