using FinVault.Platform;

namespace FinVault.Audit;

/// <summary>The first link that does not hold.</summary>
/// <param name="Entity">Of which chain; <c>seal</c> for the chain of seals.</param>
/// <param name="Version">Of the line, or the number of the seal.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BrokenLink(string Entity, long Version, string Reason);

/// <summary>What a verification has found.</summary>
/// <param name="Intact">Whether every link holds.</param>
/// <param name="Chains">How many entities were followed.</param>
/// <param name="Lines">How many lines.</param>
/// <param name="Seals">How many seals.</param>
/// <param name="FirstBroken">Null when intact.</param>
/// <param name="NextCursor">Go on with it; null when all has been looked at, or something is broken.</param>
public sealed record AuditCheck(
    bool Intact, int Chains, long Lines, int Seals, BrokenLink? FirstBroken, string? NextCursor = null);

/// <summary>
/// Follows the chains: each entity's from its first line to its head, then the seals, which hold the heads there once
/// were, so that a chain that was taken out as a whole, or cut, is missed.
/// </summary>
public sealed class AuditVerification(AuditStore store)
{
    private const string List = "audit-verify";
    private const int SealsAPage = 10;

    /// <summary>One entity's chain.</summary>
    internal async Task<AuditCheck> VerifyAsync(AuditHead head, CancellationToken cancellationToken)
    {
        (long lines, BrokenLink? broken) = await FollowAsync(head, cancellationToken);
        return new(broken is null, 1, lines, 0, broken);
    }

    /// <summary>A page of all chains, and then of all seals.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<AuditCheck> VerifyAllAsync(PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        Place place = page.After<Place>(List) ?? new("", 0, null);
        return place.Entity is { } entity
            ? await VerifyChainsAsync(entity, page.Limit, cancellationToken)
            : await VerifySealsAsync(place, cancellationToken);
    }

    private async Task<AuditCheck> VerifyChainsAsync(string after, int limit, CancellationToken cancellationToken)
    {
        List<AuditHead> heads = [];
        await foreach (AuditHead head in store.HeadsAsync(after, limit, cancellationToken))
        {
            heads.Add(head);
        }

        long lines = 0;
        for (int i = 0; i < heads.Count; i++)
        {
            (long followed, BrokenLink? broken) = await FollowAsync(heads[i], cancellationToken);
            lines += followed;
            if (broken is not null)
            {
                return new(false, i + 1, lines, 0, broken);
            }
        }

        Place next = heads.Count == limit ? new(heads[^1].Entity, 0, null) : new(null, 0, null);
        return new(true, heads.Count, lines, 0, null, Cursor.Write(List, next));
    }

    private async Task<(long Lines, BrokenLink? Broken)> FollowAsync(AuditHead head, CancellationToken cancellationToken)
    {
        long version = 0;
        string hash = AuditRecord.FirstHash;
        await foreach (AuditRecord line in store.LinesAsync(
            head.Entity, 0, head.Version, cancellationToken))
        {
            string? fault = line switch
            {
                _ when line.Version != version + 1 || line.Id != AuditRecord.IdOf(line.Version) => "A line is missing or moved.",
                _ when line.PreviousHash != hash => "It does not follow the line before it.",
                _ when !line.IsIntact => "It is not as it was written.",
                _ => null,
            };
            if (fault is not null)
            {
                return (version, new(head.Entity, version + 1, fault));
            }

            (version, hash) = (line.Version, line.Hash);
        }

        return (version, (version, hash) == (head.Version, head.Hash)
            ? null
            : new(head.Entity, version + 1, "The chain does not reach its head."));
    }

    private async Task<AuditCheck> VerifySealsAsync(Place place, CancellationToken cancellationToken)
    {
        int seals = 0;
        long number = place.Seal;
        string hash = place.Hash ?? AuditRecord.FirstHash;
        await foreach (AuditSeal seal in store.SealsAsync(number, SealsAPage, cancellationToken))
        {
            string? fault = seal switch
            {
                _ when seal.Number != number + 1 => "A seal is missing.",
                _ when seal.PreviousHash != hash => "It does not follow the seal before it.",
                _ when !seal.IsIntact => "It is not as it was written.",
                _ => null,
            };
            if (fault is not null)
            {
                return new(false, 0, 0, seals, new(AuditSeal.Chain, number + 1, fault));
            }

            foreach (SealedHead sealedHead in seal.Heads)
            {
                if (await MissingAsync(sealedHead, cancellationToken))
                {
                    return new(
                        false, 0, 0, seals,
                        new(sealedHead.Entity, sealedHead.Version, $"Seal {seal.Number} holds another line, or it is gone."));
                }
            }

            (number, hash) = (seal.Number, seal.Hash);
            seals++;
        }

        return seals == SealsAPage
            ? new(true, 0, 0, seals, null, Cursor.Write(List, new Place(null, number, hash)))
            : await EndAsync(number, hash, seals, cancellationToken);
    }

    private async Task<AuditCheck> EndAsync(long number, string hash, int seals, CancellationToken cancellationToken)
    {
        SealHead? head = await store.FindSealHeadAsync(cancellationToken);
        bool reached = head is null ? number == 0 : (head.Number, head.Hash) == (number, hash);
        bool grown = head?.Number > number && await store.FindAsync<AuditSeal>(
            AuditSeal.Chain, AuditSeal.IdOf(number + 1), cancellationToken) is not null;
        return reached || grown
            ? new(true, 0, 0, seals, null, grown ? Cursor.Write(List, new Place(null, number, hash)) : null)
            : new(false, 0, 0, seals, new(AuditSeal.Chain, number + 1, "The seals do not reach their head."));
    }

    private async Task<bool> MissingAsync(SealedHead head, CancellationToken cancellationToken) =>
        await store.FindAsync<AuditRecord>(head.Entity, AuditRecord.IdOf(head.Version), cancellationToken)
            is not { } line || line.Hash != head.Hash;

    /// <summary>An entity after which chains follow; without one, a seal after which seals do.</summary>
    private sealed record Place(string? Entity, long Seal, string? Hash);
}
