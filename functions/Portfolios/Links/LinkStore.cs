using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>Links, in their owners' partitions, and pointers to them by the hash of their tokens.</summary>
public sealed class LinkStore(PortfolioDocuments documents)
{
    /// <summary>
    /// First the pointer, which leads nowhere until the link is there; then the link with one of its owner's places.
    /// </summary>
    /// <returns>False when the owner has as many links as may be.</returns>
    internal async Task<bool> AddAsync(LinkDocument link, int most, CancellationToken cancellationToken)
    {
        string partition = LinkPointer.PartitionOf(link.Hash);
        await documents.CreateAsync(
            partition, new LinkPointer(partition, link.Account, link.Id, link.Ttl), cancellationToken);
        IReadOnlyList<LinkDocument> there = await ListAsync(link.Tenant, link.Owner, cancellationToken);
        int places = most - there.Count(one => one.Place is null);
        foreach (int place in Enumerable.Range(1, Math.Max(0, places)).Except(there.Select(one => one.Place ?? 0)))
        {
            OwnersPlace taken = OwnersPlace.Of(link.Account, LinkDocument.DocumentType, place, link.Ttl);
            TransactionalBatch batch =
                documents.Batch(link.Account).CreateItem(taken).CreateItem(link with { Place = place });
            if ((await Documents.ExecuteAsync(batch, cancellationToken)).IsDone)
            {
                return true;
            }
        }

        await documents.DeleteAsync(partition, LinkPointer.DocumentId, null, cancellationToken);
        return false;
    }

    /// <summary>The link of a token's hash; null when there is none any more.</summary>
    internal async Task<LinkDocument?> FindAsync(string hash, CancellationToken cancellationToken) =>
        await documents.FindAsync<LinkPointer>(
            LinkPointer.PartitionOf(hash), LinkPointer.DocumentId, cancellationToken) is { } pointer
        && await documents.FindAsync<LinkDocument>(pointer.Owners, pointer.Link, cancellationToken) is { } link
        && link.Hash == hash ? link : null;

    /// <summary>A user's links, newest first.</summary>
    internal async Task<IReadOnlyList<LinkDocument>> ListAsync(
        string tenant, string owner, CancellationToken cancellationToken)
    {
        List<LinkDocument> all = await documents.ListAsync<LinkDocument>(
            OwnedAccountDocument.PartitionOf(tenant, owner), new("SELECT * FROM c WHERE c.type = 'link'"), cancellationToken);
        return [.. all.OrderByDescending(link => link.Id, StringComparer.Ordinal)];
    }

    /// <summary>Ends a link: nobody who has it sees anything from here on. False when there is none.</summary>
    internal async Task<bool> DeleteAsync(
        string tenant, string owner, string id, CancellationToken cancellationToken)
    {
        string partition = OwnedAccountDocument.PartitionOf(tenant, owner);
        if (await documents.FindAsync<LinkDocument>(partition, id, cancellationToken) is not { } link)
        {
            return false;
        }

        TransactionalBatch batch = documents.Batch(partition).DeleteItem(id);
        if (link.Place is { } place)
        {
            batch.DeleteItem(OwnersPlace.IdOf(LinkDocument.DocumentType, place));
        }

        bool isGone = (await Documents.ExecuteAsync(batch, cancellationToken)).IsDone;
        await documents.DeleteAsync(
            LinkPointer.PartitionOf(link.Hash), LinkPointer.DocumentId, null, cancellationToken);
        return isGone;
    }
}
