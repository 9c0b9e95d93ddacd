using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>
/// Prizes, one document a unit, in their giveaway's partition. Each change is a patch under a condition on the state
/// that it begins in, so it happens once, however often it is tried.
/// </summary>
public sealed class PrizeStore(GiveawayDocuments documents, TimeProvider time)
{
    public Task<Prize?> FindAsync(string giveaway, string id, CancellationToken cancellationToken) =>
        documents.FindAsync<Prize>(giveaway, id, cancellationToken);

    /// <summary>All of a giveaway, in the plan's order.</summary>
    public async Task<List<Prize>> AllAsync(string giveaway, CancellationToken cancellationToken)
    {
        List<Prize> all = await documents.QueryAsync<Prize>(
            giveaway, new QueryDefinition("SELECT * FROM c WHERE c.type = 'prize'"), cancellationToken)
            .ToListAsync(cancellationToken);
        all.Sort((a, b) => a.Number.CompareTo(b.Number));
        return all;
    }

    /// <summary>Makes the units of a plan anew; what an earlier, failed try left is replaced or removed.</summary>
    public async Task WriteUnitsAsync(Giveaway giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        Prize[] units = [.. Prize.UnitsOf(giveaway)];
        HashSet<string> wanted = [.. units.Select(unit => unit.Id)];
        Dictionary<string, Prize> there = (await AllAsync(giveaway.Id, cancellationToken)).ToDictionary(p => p.Id);
        foreach (Prize[] chunk in units.Where(unit => there.GetValueOrDefault(unit.Id) != unit)
            .Chunk(GiveawayDocuments.MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(giveaway.Id);
            foreach (Prize unit in chunk)
            {
                // One that has its escrow was made by this same try before.
                batch.UpsertItem(
                    unit with { EscrowId = there.GetValueOrDefault(unit.Id)?.EscrowId }, GiveawayDocuments.NoBody);
            }

            await GiveawayDocuments.ExecuteAsync(batch, cancellationToken);
        }

        foreach (string[] chunk in there.Keys.Where(id => !wanted.Contains(id)).Chunk(GiveawayDocuments.MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(giveaway.Id);
            foreach (string id in chunk)
            {
                batch.DeleteItem(id, GiveawayDocuments.NoBody);
            }

            await GiveawayDocuments.ExecuteAsync(batch, cancellationToken);
        }
    }

    /// <summary>Notes the escrow behind a prize. False when it has another.</summary>
    public Task<bool> SetEscrowAsync(
        string giveaway, string id, string escrow, string? instead, CancellationToken cancellationToken)
    {
        string other = instead is null ? "" : $" OR c.escrowId = '{instead}'";
        return documents.PatchAsync(
            giveaway, id, $"FROM c WHERE IS_NULL(c.escrowId) OR c.escrowId = '{escrow}'{other}", cancellationToken,
            [PatchOperation.Set("/escrowId", escrow), PatchOperation.Set("/allocated", false)]);
    }

    /// <summary>Forgets the escrows of a run, whether or not they were given back (GIV-15).</summary>
    public async Task ClearEscrowsAsync(
        string giveaway, IReadOnlyCollection<string> escrows, CancellationToken cancellationToken)
    {
        foreach (Prize prize in await AllAsync(giveaway, cancellationToken))
        {
            if (prize.EscrowId is { } escrow && escrows.Contains(escrow))
            {
                await documents.PatchAsync(
                    giveaway, prize.Id, $"FROM c WHERE c.escrowId = '{escrow}'", cancellationToken,
                    [PatchOperation.Set<string?>("/escrowId", null)]);
            }
        }
    }

    /// <summary>The escrow is the winner's.</summary>
    public Task<bool> AllocatedAsync(Prize prize, DateTimeOffset claimBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prize);
        return documents.PatchAsync(
            prize.Giveaway, prize.Id, OfWinner(prize, "won"), cancellationToken,
            [PatchOperation.Set("/allocated", true), PatchOperation.Set("/claimBy", claimBy)]);
    }

    /// <summary>The winner asks for it: from here on nobody takes it back. False when it is no longer theirs.</summary>
    public Task<bool> ClaimAsync(Prize prize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prize);
        return documents.PatchAsync(
            prize.Giveaway, prize.Id, OfWinner(prize, "won"), cancellationToken,
            [PatchOperation.Set("/state", "claimed"), PatchOperation.Set("/claimedAt", time.GetUtcNow())]);
    }

    /// <summary>The time to claim is over: from here on the winner cannot. False when they did.</summary>
    public Task<bool> LapseAsync(Prize prize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prize);
        return documents.PatchAsync(
            prize.Giveaway, prize.Id, OfWinner(prize, "won"), cancellationToken, [PatchOperation.Set("/state", "lapsed")]);
    }

    /// <summary>Its money goes back: from here on nobody wins or claims it. False when somebody has it.</summary>
    public Task<bool> ReleaseAsync(Prize prize, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prize);
        return documents.PatchAsync(
            prize.Giveaway, prize.Id, "FROM c WHERE c.state IN ('open', 'lapsed')", cancellationToken,
            [PatchOperation.Set("/state", "released"), PatchOperation.Set("/reason", reason)]);
    }

    /// <summary>
    /// Gives a prize to a winner, at the draw or in another's place, once. The winner, the prize and the word of it
    /// are one batch.
    /// </summary>
    /// <param name="prize">As it was read: open, which falls through the gate, or lapsed.</param>
    /// <param name="winner">Who gets it.</param>
    /// <param name="cancellationToken">Gives up; it may be done or not.</param>
    /// <returns>False when the prize is not as it was read, or the winner is there already.</returns>
    public async Task<bool> GiveAsync(Prize prize, Winner winner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prize);
        ArgumentNullException.ThrowIfNull(winner);
        bool isOpen = prize.State == PrizeState.Open;
        TransactionalBatch batch = documents.Batch(prize.Giveaway)
            .PatchItem(
                prize.Id,
                [
                    PatchOperation.Set("/state", "won"), PatchOperation.Set("/winner", winner.Participant),
                    PatchOperation.Set("/winnerId", winner.Id), PatchOperation.Set("/wonAt", winner.At),
                    PatchOperation.Set<DateTimeOffset?>("/claimBy", null),
                ],
                GiveawayDocuments.Only($"FROM c WHERE c.state = '{(isOpen ? "open" : "lapsed")}'"))
            .CreateItem(winner, GiveawayDocuments.NoBody)
            .CreateItem(GiveawayMessages.Won(winner, time), GiveawayDocuments.NoBody)
            .PatchItem(
                winner.Participant, [PatchOperation.Increment("/prizes", 1)],
                new() { EnableContentResponseOnWrite = false });
        if (isOpen)
        {
            batch.PatchItem(
                PrizeGate.DocumentId, [PatchOperation.Increment("/remaining", -1)],
                GiveawayDocuments.Only("FROM c WHERE c.remaining > 0"));
        }

        return (await GiveawayDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>Says of a winner that the prize is no longer theirs.</summary>
    public Task<bool> LostAsync(string giveaway, string winner, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            giveaway, winner, "FROM c WHERE NOT IS_DEFINED(c.lostAt) OR IS_NULL(c.lostAt)", cancellationToken,
            [PatchOperation.Set("/lostAt", time.GetUtcNow())]);

    private static string OfWinner(Prize prize, string state) =>
        $"FROM c WHERE c.state = '{state}' AND c.winner = '{prize.Winner}'";
}
