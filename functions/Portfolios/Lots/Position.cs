using System.Text.Json.Serialization;

namespace FinVault.Portfolios;

/// <summary>
/// What an account holds of a symbol, or owes of it, and what has come of it since the first transaction. Immutable.
/// <para>
/// Always <c>Bought + CarriedIn = Cost + CostOfSold + CarriedOut + CapitalReturned − CapitalGain</c>, where the cost of
/// units that are owed counts as 0, in both currencies and to the minor unit. All lots are held, or all are owed.
/// </para>
/// </summary>
/// <param name="Symbol">Of what.</param>
/// <param name="Currency">ISO 4217: the trade's side of every amount.</param>
public sealed record Position(string Symbol, string Currency)
{
    /// <summary>Open lots, oldest first; those of the same instant in the order in which they came.</summary>
    public IReadOnlyList<Lot> Lots { get; init; } = [];

    /// <summary>Paid for what was bought, with fees.</summary>
    public DualAmount Bought { get; init; }

    /// <summary>Cost of the lots that transfers brought.</summary>
    public DualAmount CarriedIn { get; init; }

    /// <summary>Cost of the lots that transfers took.</summary>
    public DualAmount CarriedOut { get; init; }

    /// <summary>Cost of what was sold, and of what was bought back.</summary>
    public DualAmount CostOfSold { get; init; }

    /// <summary>Received for what was sold, after fees; for what was sold short when it is bought back.</summary>
    public DualAmount Proceeds { get; init; }

    /// <summary>Dividends after fees.</summary>
    public DualAmount Income { get; init; }

    /// <summary>Fees that no trade caused.</summary>
    public DualAmount Charges { get; init; }

    /// <summary>Capital that came back, after fees.</summary>
    public DualAmount CapitalReturned { get; init; }

    /// <summary>The part of it that exceeded the cost of its lots.</summary>
    public DualAmount CapitalGain { get; init; }

    /// <summary>The part of <see cref="RealizedGain"/> that exchange rates made; account's currency.</summary>
    public long RealizedFx { get; init; }

    /// <summary>The last day on which units were split or given (UTC); prices from before it are of other units.</summary>
    public DateOnly? ActionOn { get; init; }

    /// <summary>Units after that day's actions for one before: 2 for a 2:1 split or a 1:1 bonus issue.</summary>
    public decimal ActionBy { get; init; } = 1;

    /// <summary>When the transaction that was booked last took effect; with its sequence the place in the history.</summary>
    public DateTimeOffset? LastAt { get; init; }

    public long LastSequence { get; init; }

    /// <summary>Units held; below 0 owed.</summary>
    [JsonIgnore]
    public decimal Quantity => Lots.Sum(lot => lot.Quantity);

    /// <summary>What the open lots cost; below 0 what those that are owed have brought.</summary>
    [JsonIgnore]
    public DualAmount Cost => DualAmount.Sum(Lots.Select(lot => lot.Cost));

    /// <summary>Whether units are owed: they were sold short, and not bought back.</summary>
    [JsonIgnore]
    public bool IsShort => Lots.Count > 0 && Lots[0].Quantity < 0;

    /// <summary>Of sales and of capital beyond cost, without dividends; minor units of the account's currency.</summary>
    [JsonIgnore]
    public long RealizedGain => Proceeds.Account - CostOfSold.Account + CapitalGain.Account;

    /// <summary>Whether a transaction belongs before one that is booked already, so that the history must be replayed.</summary>
    public bool IsAfter(PortfolioTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return LastAt is { } last && (transaction.TradedAt < last
            || (transaction.TradedAt == last && transaction.Sequence < LastSequence));
    }
}
