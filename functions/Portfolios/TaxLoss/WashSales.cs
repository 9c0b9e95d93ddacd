namespace FinVault.Portfolios;

/// <summary>
/// Wash sales (26 U.S.C. § 1091; IRS Publication 550): a loss cannot be deducted as far as the same units were bought
/// within 30 days before or after the sale. It is added to the cost of those that replace them, which inherit the
/// holding period, too.
/// <para>
/// Losses are taken in order of their sales, the earliest purchases replace first, each unit at most once. Units of
/// the purchase that is sold at a loss, units sold before the loss, and units sold at a loss that is itself disallowed
/// replace nothing. A lot is divided where only a part of it is concerned; no minor unit is lost by it.
/// </para>
/// </summary>
public static class WashSales
{
    /// <summary>Days before and after a sale in which a purchase replaces.</summary>
    public const int Days = 30;

    /// <summary>All lots of an owner as the rule leaves them, by sale (held ones last) and then age.</summary>
    public static IReadOnlyList<WashLot> Apply(IEnumerable<WashLot> lots)
    {
        ArgumentNullException.ThrowIfNull(lots);
        return
        [
            .. lots.GroupBy(lot => lot.Symbol, StringComparer.Ordinal)
                .OrderBy(symbol => symbol.Key, StringComparer.Ordinal)
                .SelectMany(symbol => InOrder(new OneSymbol(symbol).Apply())),
        ];
    }

    private static IOrderedEnumerable<WashLot> InOrder(IEnumerable<WashLot> lots) => lots
        .OrderBy(lot => lot.Sold ?? DateOnly.MaxValue)
        .ThenBy(lot => lot.HeldSince)
        .ThenBy(lot => lot.Id, StringComparer.Ordinal);

    private sealed class OneSymbol(IEnumerable<WashLot> all)
    {
        private readonly List<WashLot> _lots = [.. all];
        private readonly Dictionary<string, HashSet<string>> _purchases = new(StringComparer.Ordinal);
        private readonly HashSet<string> _settled = new(StringComparer.Ordinal); // losses that nothing replaces, nor ever will

        public List<WashLot> Apply()
        {
            foreach (WashLot lot in _lots)
            {
                _purchases[lot.Id] = [lot.Purchase];
            }

            while (NextLoss() is { } pair)
            {
                Pair(pair.Loss, pair.Replacement);
            }

            return _lots;
        }

        private (WashLot Loss, WashLot Replacement)? NextLoss()
        {
            foreach (WashLot loss in InOrder(_lots.Where(
                lot => lot.Sold is not null && lot.Proceeds < lot.Cost && lot.ReplacedBy is null && !_settled.Contains(lot.Id))))
            {
                WashLot? replacement = _lots
                    .Where(lot => Replaces(lot, loss))
                    .OrderBy(lot => lot.Acquired)
                    .ThenBy(lot => lot.Sold ?? DateOnly.MaxValue)
                    .ThenBy(lot => lot.Id, StringComparer.Ordinal)
                    .FirstOrDefault();
                if (replacement is not null)
                {
                    return (loss, replacement);
                }

                _settled.Add(loss.Id);
            }

            return null;
        }

        private bool Replaces(WashLot lot, WashLot loss) =>
            lot.Replaces is null
            && lot.ReplacedBy is null
            && Math.Abs(lot.Acquired.DayNumber - loss.Sold!.Value.DayNumber) <= Days
            && (lot.Sold is null || lot.Sold >= loss.Sold)
            && !_purchases[lot.Id].Overlaps(_purchases[loss.Id]);

        private void Pair(WashLot loss, WashLot replacement)
        {
            decimal quantity = Math.Min(loss.Quantity, replacement.Quantity);
            loss = Divide(loss, quantity);
            replacement = Divide(replacement, quantity);
            long disallowed = loss.Cost - loss.Proceeds;
            _lots[_lots.IndexOf(loss)] = loss with { Disallowed = disallowed, ReplacedBy = replacement.Id };
            _lots[_lots.IndexOf(replacement)] = replacement with
            {
                Cost = replacement.Cost + disallowed,
                Inherited = disallowed,
                Replaces = loss.Id,
                HeldSince = replacement.HeldSince.AddDays(loss.HeldSince.DayNumber - loss.Sold!.Value.DayNumber),
            };
            _purchases[replacement.Id] = [.. _purchases[replacement.Id], .. _purchases[loss.Id]];
        }

        /// <summary>
        /// The part with the wanted quantity; the rest is a lot of its own beside it. The loss that a lot took over is
        /// divided with it, so that each part of a loss has one replacement.
        /// </summary>
        private WashLot Divide(WashLot lot, decimal quantity, WashLot? replacement = null)
        {
            if (quantity == lot.Quantity)
            {
                return lot;
            }

            WashLot? loss = _lots.Find(one => one.Id == lot.Replaces);
            WashLot? lossPart = loss is null ? null : Divide(loss, quantity, lot);
            WashLot? lossRest = loss is null ? null : _lots.Find(one => one.Id == $"{loss.Id}.2");
            long paid = Portions.Share(lot.Cost - lot.Inherited, quantity, lot.Quantity);
            long proceeds = Portions.Share(lot.Proceeds, quantity, lot.Quantity);
            WashLot part = Part(lot, 1, quantity, paid, proceeds, lossPart, replacement);
            WashLot rest = Part(
                lot, 2, lot.Quantity - quantity, lot.Cost - lot.Inherited - paid, lot.Proceeds - proceeds, lossRest, replacement);
            int at = _lots.IndexOf(lot);
            _lots[at] = part;
            _lots.Insert(at + 1, rest);
            return part;
        }

        private WashLot Part(
            WashLot lot, int number, decimal quantity, long paid, long proceeds, WashLot? loss, WashLot? replacement)
        {
            long inherited = loss?.Disallowed ?? 0;
            string id = $"{lot.Id}.{number}";
            _purchases[id] = _purchases[lot.Id];
            return lot with
            {
                Id = id,
                Quantity = quantity,
                Cost = paid + inherited,
                Proceeds = proceeds,
                Inherited = inherited,
                Replaces = loss?.Id,
                Disallowed = replacement is null ? 0 : paid + inherited - proceeds,
                ReplacedBy = replacement is null ? null : $"{replacement.Id}.{number}",
            };
        }
    }
}
