using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>Views of tax losses as they were computed, and whose there are.</summary>
public sealed class TaxLossStore(PortfolioDocuments documents)
{
    private const string OwnerPrefix = "owner:";

    internal Task<TaxLossDocument?> FindAsync(string tenant, string owner, CancellationToken cancellationToken) =>
        documents.FindAsync<TaxLossDocument>(
            TaxLossDocument.PartitionOf(tenant, owner), TaxLossDocument.DocumentId, cancellationToken);

    internal Task KeepAsync(TaxLossDocument view, CancellationToken cancellationToken) =>
        documents.Container.UpsertItemAsync(
            view, new PartitionKey(view.Account), new() { EnableContentResponseOnWrite = false }, cancellationToken);

    /// <summary>Partitions of owners of accounts, in order.</summary>
    internal async Task<List<string>> OwnersAsync(string after, int count, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @count c.account FROM c WHERE c.type = 'count' AND c.account > @after ORDER BY c.account")
            .WithParameter("@count", count).WithParameter("@after", after.Length == 0 ? OwnerPrefix : after);
        return [.. (await documents.ListAsync<Place>(null, query, cancellationToken)).Select(row => row.Account)];
    }

    /// <summary>Tenant and owner of such a partition.</summary>
    internal static (string Tenant, string Owner) Parse(string partition)
    {
        string[] parts = partition.Split(':');
        return (parts[1], parts[2]);
    }

    private sealed record Place(string Account);
}
