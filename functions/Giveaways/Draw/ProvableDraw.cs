namespace FinVault.Giveaways.Draw;

/// <summary>What a draw is made from.</summary>
/// <param name="Rules">As committed to.</param>
/// <param name="ServerSeed">32 bytes.</param>
/// <param name="CommittedAt">When the commitment was published.</param>
/// <param name="ClosedAt">When no more entries were taken.</param>
/// <param name="Entries">In any order.</param>
/// <param name="Beacon">The round that the rules name; null where they name none.</param>
/// <param name="Receipts">The winning attempts of slot-machine mode.</param>
/// <param name="DrawnAt">Now.</param>
public sealed record DrawInput(
    DrawRules Rules, ReadOnlyMemory<byte> ServerSeed, DateTimeOffset CommittedAt, DateTimeOffset ClosedAt,
    IReadOnlyList<DrawEntry> Entries, BeaconRound? Beacon, IReadOnlyList<SlotReceipt> Receipts, DateTimeOffset DrawnAt);

/// <summary>
/// The draw that anybody can check afterwards (docs/draw.md). The commitment fixes the server's seed and the rules
/// before the first entry; the root fixes the entries before the beacon's round; the round comes from outside. So
/// nobody, the operator included, can know or choose the result while it can still be influenced.
/// </summary>
public static class ProvableDraw
{
    /// <summary>What is published before the start.</summary>
    /// <exception cref="ArgumentException">The rules or the seed are not valid.</exception>
    public static DrawNotice Commit(ReadOnlySpan<byte> serverSeed, DrawRules rules, DateTimeOffset now)
    {
        Check(serverSeed, rules);
        return new(DrawScheme.Name, DrawState.Committed, rules, DrawScheme.Commitment(serverSeed, rules), now);
    }

    /// <summary>Draws. The same input gives the same record, always.</summary>
    /// <exception cref="ArgumentException">The input does not fit the rules.</exception>
    public static DrawRecord Draw(DrawInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DrawRules rules = input.Rules;
        Check(input.ServerSeed.Span, rules);
        DrawEntry[] entries = DrawEntry.InOrder(input.Entries);
        Require(DrawEntry.Fault(entries, rules.Odds));
        Require(input.Beacon?.Round == rules.Beacon?.RoundFor(input.ClosedAt) ? null : "It is not the committed round.");
        EntryTree tree = new(entries);
        byte[]? seed = input.Beacon is { } beacon
            ? DrawScheme.Seed(input.ServerSeed.Span, tree.Root(), Convert.FromHexString(beacon.Randomness))
            : null;
        DrawRecord record = new(
            DrawScheme.Name, rules, DrawScheme.Commitment(input.ServerSeed.Span, rules), input.CommittedAt,
            DrawScheme.Hex(input.ServerSeed.Span), input.ClosedAt, entries, DrawScheme.Hex(tree.Root()), input.Beacon,
            seed is null ? null : DrawScheme.Hex(seed), [], [], input.Receipts, [], input.DrawnAt);
        return seed is null ? record : Chosen(record, seed, tree);
    }

    /// <summary>
    /// Takes the prizes of some entries away and gives them to others: the next runners-up, or whom a new draw by
    /// H(seed ‖ k) finds among all that never won. Nobody wins who won or was removed before.
    /// </summary>
    /// <param name="record">The record so far.</param>
    /// <param name="kind">Where the new winners come from.</param>
    /// <param name="removed">Current winners, or others that must not win any more.</param>
    /// <param name="reason">Shown to everybody.</param>
    /// <param name="now">When.</param>
    /// <exception cref="ArgumentException">Nobody to remove, no reason, or nothing was drawn.</exception>
    public static DrawRecord Replace(
        DrawRecord record, ReplacementKind kind, IReadOnlyList<string> removed, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        Require(removed is { Count: > 0 } && removed.All(DrawScheme.IsId) ? null : "Nobody is removed.");
        Require(string.IsNullOrWhiteSpace(reason) ? "A replacement needs a reason." : null);
        Require(record.Seed is null ? "Nothing was drawn, so there is nobody to replace a winner." : null);
        PrizeChain chain = PrizeChain.Of(record);
        int number = record.Replacements.Count + 1;
        IReadOnlyList<PrizeHolder> free = chain.Take(removed!);
        int[] chosen = kind == ReplacementKind.RunnersUp
            ? [.. record.RunnersUp.Where(pick => !chain.Named.Contains(pick.Entry)).Take(free.Count).Select(p => p.Index)]
            : [.. DrawOrder.Choose(
                record.Rules, DrawScheme.RerollSeed(Convert.FromHexString(record.Seed!), number), record.Entries,
                chain.Named, free.Count)];
        EntryTree tree = new(record.Entries);
        DrawPick[] winners = [.. chosen.Select((index, i) =>
            new DrawPick(free[i].Rank, record.Entries[index].Id, free[i].Prize, index, tree.ProofOf(index)))];
        Replacement replacement = new(number, kind, [.. removed!], reason, now, winners);
        return record with { Replacements = [.. record.Replacements, replacement] };
    }

    /// <summary>Checks every step of a record, and it against the commitment published before, if that is known.</summary>
    public static VerifyReport Verify(DrawRecord record, DrawNotice? published = null) =>
        new DrawVerification(record, published).Report();

    private static DrawRecord Chosen(DrawRecord record, byte[] seed, EntryTree tree)
    {
        DrawRules rules = record.Rules;
        int prizes = rules.Mode == DrawMode.SlotMachine ? 0 : rules.Prizes.Count;
        HashSet<string> won = [.. record.Receipts.Select(receipt => receipt.Participant)];
        List<int> chosen = DrawOrder.Choose(rules, seed, record.Entries, won, prizes + rules.RunnersUp);
        return record with
        {
            Winners = [.. chosen.Take(prizes).Select((index, i) => Pick(index, i + 1, rules.Prizes[i]))],
            RunnersUp = [.. chosen.Skip(prizes).Select((index, i) => Pick(index, i + 1, null))],
        };

        DrawPick Pick(int index, int rank, string? prize) =>
            new(rank, record.Entries[index].Id, prize, index, tree.ProofOf(index));
    }

    private static void Check(ReadOnlySpan<byte> serverSeed, DrawRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Require(serverSeed.Length == DrawScheme.Bytes ? null : $"A server's seed has {DrawScheme.Bytes} bytes.");
        Require(rules.Fault());
    }

    private static void Require(string? fault)
    {
        if (fault is not null)
        {
            throw new ArgumentException(fault);
        }
    }
}
