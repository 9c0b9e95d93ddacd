namespace FinVault.Portfolios;

/// <summary>Which lots leave, and what of their cost goes with them.</summary>
internal static class LotSelection
{
    /// <summary>Takes a quantity out of open lots, or off those that are owed.</summary>
    /// <param name="open">Oldest first.</param>
    /// <param name="transaction">Which perhaps names lots.</param>
    /// <param name="quantity">How much of it is taken; not more than there is.</param>
    /// <param name="method">Which lots are taken when none are named.</param>
    public static Taken Take(
        IReadOnlyList<Lot> open, PortfolioTransaction transaction, decimal quantity, LotMethod method)
    {
        bool named = transaction.Picks.Count > 0;
        if ((method == LotMethod.SpecificId || named) && transaction.Picks.Sum(pick => pick.Quantity) != quantity)
        {
            return Taken.No(new(LotRefusalCode.LotsDoNotMatch, transaction.Id,
                FormattableString.Invariant($"The named lots must sum to {quantity}.")));
        }

        bool isShort = open.Count > 0 && open[0].Quantity < 0;
        IReadOnlyList<Lot> plain = isShort ? [.. open.Select(lot => lot.Mirrored())] : open;
        IReadOnlyList<Lot> costed = method == LotMethod.AverageCost ? Averaged(plain) : plain;
        Taken taken = named ? Named(costed, transaction) : ByMethod(costed, quantity, method, isShort);
        return isShort ? taken.Mirrored() : taken;
    }

    private static Taken Named(IReadOnlyList<Lot> open, PortfolioTransaction transaction)
    {
        decimal[] wanted = new decimal[open.Count];
        foreach (LotPick pick in transaction.Picks)
        {
            int index = Enumerable.Range(0, open.Count).FirstOrDefault(i => open[i].Id == pick.LotId, -1);
            if (index < 0 || pick.Quantity <= 0 || (wanted[index] += pick.Quantity) > open[index].Quantity)
            {
                return Taken.No(new(LotRefusalCode.LotNotHeld, transaction.Id,
                    FormattableString.Invariant($"Lot {pick.LotId} does not hold {pick.Quantity} then.")));
            }
        }

        return Divide(open, wanted);
    }

    private static Taken ByMethod(IReadOnlyList<Lot> open, decimal quantity, LotMethod method, bool isShort)
    {
        IEnumerable<int> order = Enumerable.Range(0, open.Count);
        order = method switch
        {
            LotMethod.Lifo => order.Reverse(),
            LotMethod.Hifo => order.OrderBy(i => open[i].Cost.Account / open[i].Quantity * (isShort ? 1 : -1)),
            _ => order,
        };
        decimal[] wanted = new decimal[open.Count];
        decimal left = quantity;
        foreach (int index in order)
        {
            wanted[index] = Math.Min(left, open[index].Quantity);
            left -= wanted[index];
        }

        return Divide(open, wanted);
    }

    /// <summary>Spreads what all lots cost over their units; their ages stay, and the oldest leave first.</summary>
    private static List<Lot> Averaged(IReadOnlyList<Lot> open)
    {
        DualAmount[] costs = DualAmount.Sum(open.Select(lot => lot.Cost)).Split([.. open.Select(lot => lot.Quantity)]);
        return [.. open.Select((lot, i) => lot with { Cost = costs[i] })];
    }

    private static Taken Divide(IReadOnlyList<Lot> open, decimal[] wanted)
    {
        List<Lot> taken = [];
        List<Lot> left = [];
        for (int i = 0; i < wanted.Length; i++)
        {
            Lot lot = open[i];
            DualAmount cost = lot.Cost.Share(wanted[i], lot.Quantity);
            if (wanted[i] > 0)
            {
                taken.Add(lot with { Quantity = wanted[i], Cost = cost });
            }

            if (wanted[i] < lot.Quantity)
            {
                left.Add(lot with { Quantity = lot.Quantity - wanted[i], Cost = lot.Cost - cost });
            }
        }

        return new(taken, left, null);
    }
}

/// <summary>What leaves and what stays, or why nothing may leave.</summary>
internal sealed record Taken(IReadOnlyList<Lot> Lots, IReadOnlyList<Lot> Left, LotRefusal? Refusal)
{
    public static Taken No(LotRefusal refusal) => new([], [], refusal);

    public Taken Mirrored() => this with
    {
        Lots = [.. Lots.Select(lot => lot.Mirrored())], Left = [.. Left.Select(lot => lot.Mirrored())],
    };
}
