namespace FinVault.Portfolios;

/// <summary>Which lots a sale takes, and which short sales a purchase covers; chosen for an account.</summary>
public enum LotMethod
{
    /// <summary>The oldest first.</summary>
    Fifo,

    /// <summary>The newest first.</summary>
    Lifo,

    /// <summary>The dearest by unit cost first; of short sales the cheapest. Either way the least gain.</summary>
    Hifo,

    /// <summary>The oldest first, each at the average cost of all.</summary>
    AverageCost,

    /// <summary>Those that the sale names (<see cref="LotPick"/>).</summary>
    SpecificId,
}

/// <summary>A part of a lot that a sale or a transfer out takes, or that a purchase covers.</summary>
/// <param name="LotId">The id of the transaction that opened the lot; of lots transferred in, followed by <c>.n</c>.</param>
/// <param name="Quantity">Units, more than zero.</param>
public sealed record LotPick(string LotId, decimal Quantity);

/// <summary>A lot that came from another account of the same owner, with the history that it brings along.</summary>
/// <param name="AcquiredAt">When it was first bought, which a transfer does not change.</param>
/// <param name="Quantity">Units, more than zero.</param>
/// <param name="Cost">Its whole cost in minor units of the transaction's currency, fees included.</param>
/// <param name="AccountCost">The same in minor units of the receiving account's currency, at the rates of then.</param>
public sealed record TransferredLot(DateTimeOffset AcquiredAt, decimal Quantity, long Cost, long AccountCost);
