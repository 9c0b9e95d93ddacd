using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Links, in their owners' partitions, and pointers to them by the hash of their tokens.</summary>
public sealed class LinkStore(PortfolioDocuments documents)
{
    /// <summary>First the pointer, which leads nowhere until the link is there.</summary>
    internal async Task AddAsync(LinkDocument link, CancellationToken cancellationToken)
    {
        string partition = LinkPointer.PartitionOf(link.Hash);
        await documents.CreateAsync(
            partition, new LinkPointer(partition, link.Account, link.Id, link.Ttl), cancellationToken);
        await documents.CreateAsync(link.Account, link, cancellationToken);
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

        bool isGone = await documents.DeleteAsync(partition, id, null, cancellationToken);
        await documents.DeleteAsync(
            LinkPointer.PartitionOf(link.Hash), LinkPointer.DocumentId, null, cancellationToken);
        return isGone;
    }
}
