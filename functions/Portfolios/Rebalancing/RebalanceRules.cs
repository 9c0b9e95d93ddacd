namespace FinVault.Portfolios;

/// <summary>What an account should look like, and what it may take to get there.</summary>
/// <param name="Targets">The parts of the whole that symbols should be; what is left of 1 stays cash.</param>
public sealed record RebalanceRules(IReadOnlyDictionary<string, decimal> Targets)
{
    /// <summary>How far a weight may drift before it is traded, in parts of the whole: 0.05 is five points.</summary>
    public decimal Band { get; init; } = 0.05m;

    /// <summary>Orders below this are not worth placing; minor units.</summary>
    public long MinimumTrade { get; init; }

    /// <summary>The smallest step of a quantity: 1 for whole units.</summary>
    public decimal Step { get; init; } = 1;

    /// <summary>Cash that is never spent, and is no part of the whole; minor units.</summary>
    public long CashKept { get; init; }

    /// <summary>Of each order's amount, rounded up to a minor unit.</summary>
    public decimal FeeRate { get; init; }

    /// <summary>Whether sales choose lots by tax: losses first, then what is taxed least. Else the oldest.</summary>
    public bool IsTaxAware { get; init; } = true;

    /// <summary>On gains of lots held for up to a year.</summary>
    public decimal ShortTermTax { get; init; } = 0.20m;

    /// <summary>On gains of lots held for longer.</summary>
    public decimal LongTermTax { get; init; } = 0.125m;

    /// <summary>Null, or what is wrong with them.</summary>
    public string? Fault() =>
        Targets.Any(target => target.Value is < 0 or > 1) || Targets.Values.Sum() > 1
            ? "Targets are between 0 and 1, and at most 1 in sum."
        : Band is < 0 or >= 1 || Step <= 0 || FeeRate is < 0 or >= 1 || CashKept < 0 || MinimumTrade < 0
            ? "Band, step, fee, cash and least trade must not be below 0, and the step must be above 0."
        : ShortTermTax is < 0 or > 1 || LongTermTax is < 0 or > 1
            ? "Taxes are between 0 and 1."
        : null;
}

/// <summary>What is held of a symbol, and its price.</summary>
/// <param name="Symbol">Of what.</param>
/// <param name="Price">Of a unit, in units of the account's currency; above 0.</param>
/// <param name="Lots">Open lots, oldest first; none of what is only to be bought.</param>
public sealed record RebalanceHolding(string Symbol, decimal Price, IReadOnlyList<Lot> Lots)
{
    public decimal Quantity => Lots.Sum(lot => lot.Quantity);
}

/// <summary>Buy or sell.</summary>
public enum OrderSide
{
    Buy,
    Sell,
}

/// <summary>An order to be reviewed. Money is minor units of the account's currency.</summary>
/// <param name="Amount">Quantity × price, rounded half-even.</param>
/// <param name="Fee">Beside the amount.</param>
/// <param name="Cash">What it does to the cash: amount and fee out, or amount less fee in.</param>
/// <param name="Lots">What a sale takes; empty for a purchase.</param>
/// <param name="ShortTermGain">Of those lots, after the fee; less than 0 is a loss.</param>
/// <param name="LongTermGain">The same of those held for more than a year.</param>
public sealed record RebalanceOrder(
    string Symbol, OrderSide Side, decimal Quantity, decimal Price, long Amount, long Fee, long Cash,
    IReadOnlyList<LotPick> Lots, long ShortTermGain, long LongTermGain);

/// <summary>Where a symbol stood, should stand and will stand; parts of the whole.</summary>
/// <param name="Reason">Why it stays outside its band; null when it does not.</param>
public sealed record RebalanceLine(
    string Symbol, decimal Before, decimal Target, decimal After, bool IsWithinBand, string? Reason);

/// <summary>
/// A plan that changes nothing until somebody confirms it. <c>CashAfter = CashBefore + Σ orders' Cash</c>, exactly.
/// </summary>
/// <param name="Total">All values with the cash that may be spent; minor units. Weights are parts of it.</param>
/// <param name="Orders">Sales first: they pay for the purchases.</param>
/// <param name="Lines">A line a symbol, held or wanted.</param>
/// <param name="Fees">Of all orders.</param>
/// <param name="Tax">On the gains that the sales realise, losses set off; not taken from the cash.</param>
public sealed record RebalancePlan(
    long Total, long CashBefore, long CashAfter, IReadOnlyList<RebalanceOrder> Orders,
    IReadOnlyList<RebalanceLine> Lines, long Fees, long Tax)
{
    public bool IsWithinBands => Lines.All(line => line.IsWithinBand);
}
