namespace FinVault.Portfolios;

/// <summary>What transactions made of an account, all of it, or the first that cannot be booked.</summary>
/// <param name="Positions">By symbol; also those of which nothing is held any more.</param>
/// <param name="Closed">In the order of the sales.</param>
/// <param name="Carried">By transfer out: the lots that it took.</param>
/// <param name="Refusal">Why the transactions cannot stand together; then the rest holds what came before it.</param>
public sealed record LotHistory(
    IReadOnlyDictionary<string, Position> Positions,
    IReadOnlyList<ClosedLot> Closed,
    IReadOnlyDictionary<string, IReadOnlyList<Lot>> Carried,
    LotRefusal? Refusal)
{
    /// <summary>
    /// Books transactions from the first, in the order in which they took effect, whatever order they come in;
    /// those not in force (pending, reversed, reversals) and those without a symbol are passed over.
    /// </summary>
    /// <param name="transactions">Of one account; all of them, or all of some symbols.</param>
    /// <param name="rules">The account's.</param>
    public static LotHistory Replay(IEnumerable<PortfolioTransaction> transactions, LotRules rules)
    {
        Dictionary<string, Position> positions = new(StringComparer.Ordinal);
        List<ClosedLot> closed = [];
        Dictionary<string, IReadOnlyList<Lot>> carried = new(StringComparer.Ordinal);
        foreach (PortfolioTransaction transaction in PortfolioTransaction.InForce(transactions))
        {
            if (transaction.Symbol is not { } symbol)
            {
                continue;
            }

            LotOutcome outcome = LotBooking.Apply(positions.GetValueOrDefault(symbol), transaction, rules);
            if (outcome.Step is not { } step)
            {
                return new(positions, closed, carried, outcome.Refusal);
            }

            positions[symbol] = step.Position;
            closed.AddRange(step.Closed);
            if (transaction.Kind == TransactionKind.TransferOut)
            {
                carried[transaction.Id] = step.Carried;
            }
        }

        return new(positions, closed, carried, null);
    }
}
