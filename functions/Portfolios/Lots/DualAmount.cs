namespace FinVault.Portfolios;

/// <summary>
/// An amount as it was traded and as the account counts it, so that the effect of exchange rates can be told apart.
/// </summary>
/// <param name="Trade">Minor units of the instrument's currency.</param>
/// <param name="Account">Minor units of the account's currency, at the rate of the day it happened.</param>
public readonly record struct DualAmount(long Trade, long Account)
{
    public static DualAmount operator +(DualAmount one, DualAmount other) => Add(one, other);

    public static DualAmount operator -(DualAmount one, DualAmount other) => Subtract(one, other);

    public static DualAmount operator -(DualAmount one) => Negate(one);

    public static DualAmount Add(DualAmount one, DualAmount other) =>
        new(checked(one.Trade + other.Trade), checked(one.Account + other.Account));

    public static DualAmount Subtract(DualAmount one, DualAmount other) =>
        new(checked(one.Trade - other.Trade), checked(one.Account - other.Account));

    public static DualAmount Negate(DualAmount one) => new(-one.Trade, -one.Account);

    /// <summary>The same amount where trade and account are of one currency.</summary>
    public static DualAmount Same(long amount) => new(amount, amount);

    public static DualAmount Sum(IEnumerable<DualAmount> amounts) =>
        amounts.Aggregate(default(DualAmount), (sum, one) => sum + one);

    /// <summary>The part that goes with <paramref name="quantity"/> of <paramref name="whole"/>; all of it with all.</summary>
    public DualAmount Share(decimal quantity, decimal whole) =>
        new(Portions.Share(Trade, quantity, whole), Portions.Share(Account, quantity, whole));

    /// <summary>Shares by weight; they sum to this amount exactly.</summary>
    public DualAmount[] Split(IReadOnlyList<decimal> weights)
    {
        long[] trade = Portions.Split(Trade, weights);
        long[] account = Portions.Split(Account, weights);
        return [.. trade.Zip(account, (one, other) => new DualAmount(one, other))];
    }

    /// <summary>
    /// What of a gain in the account's currency comes of prices, at this amount's own rate; the rest is FX.
    /// </summary>
    /// <param name="cost">What was paid for what is now worth this amount.</param>
    public long PriceGain(DualAmount cost) => Trade == 0
        ? Account - cost.Account
        : (long)Math.Round((decimal)(Trade - cost.Trade) / Trade * Account, MidpointRounding.ToEven);
}
