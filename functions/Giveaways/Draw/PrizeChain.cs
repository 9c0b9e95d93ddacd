namespace FinVault.Giveaways.Draw;

/// <summary>Follows the replacements of a record: who holds which prize, and who cannot get one any more.</summary>
internal sealed class PrizeChain
{
    private readonly SortedDictionary<int, PrizeHolder> _holders = [];
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    public IReadOnlyList<PrizeHolder> Holders => [.. _holders.Values];

    /// <summary>Everybody who won once or was removed; none of them can be chosen again.</summary>
    public IReadOnlySet<string> Named => _named;

    public static PrizeChain Of(DrawRecord record)
    {
        PrizeChain chain = new();
        foreach (DrawPick winner in record.Winners)
        {
            chain.Give(new(winner.Rank, winner.Prize!, winner.Entry));
        }

        Dictionary<string, int> ranks = record.Rules.Prizes.Index().ToDictionary(p => p.Item, p => p.Index + 1);
        foreach (SlotReceipt receipt in record.Receipts)
        {
            chain.Give(new(ranks[receipt.Prize!], receipt.Prize!, receipt.Participant));
        }

        foreach (Replacement replacement in record.Replacements)
        {
            chain.Take(replacement.Removed);
            foreach (DrawPick winner in replacement.Winners)
            {
                chain.Give(new(winner.Rank, winner.Prize!, winner.Entry));
            }
        }

        return chain;
    }

    /// <summary>Takes everything from these entries; answers what they held, in the prizes' order.</summary>
    public IReadOnlyList<PrizeHolder> Take(IReadOnlyList<string> entries)
    {
        _named.UnionWith(entries);
        PrizeHolder[] taken = [.. _holders.Values.Where(holder => entries.Contains(holder.Entry))];
        foreach (PrizeHolder holder in taken)
        {
            _holders.Remove(holder.Rank);
        }

        return taken;
    }

    private void Give(PrizeHolder holder)
    {
        _named.Add(holder.Entry);
        _holders[holder.Rank] = holder;
    }
}
