using System.Net;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Uploads;

/// <summary>
/// Which tenant an entity belongs to, and the URLs of its files: one document <c>files</c> in the entity's own partition.
/// The first tenant that asks for an id that nobody has owns it.
/// </summary>
/// <param name="container">The container of the entity's slice.</param>
/// <param name="partitionKey">Its partition key path.</param>
public sealed class EntityOwners(Container container, string partitionKey)
{
    private const string Id = "files";

    /// <summary>Whether the entity is this tenant's.</summary>
    public async Task<bool> ClaimAsync(string entityId, string tenantId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(entityId, cancellationToken) is { } known)
        {
            return known.Tenant == tenantId;
        }

        Dictionary<string, object> document = new()
        {
            ["id"] = Id,
            [partitionKey.TrimStart('/')] = entityId,
            ["ownedBy"] = tenantId,
            ["urls"] = new Dictionary<string, string>(),
        };
        try
        {
            await container.CreateItemAsync(document, new PartitionKey(entityId), cancellationToken: cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return (await ReadAsync(entityId, cancellationToken))?.Tenant == tenantId;
        }
    }

    /// <summary>Keeps the URL of a kind of file, in place of the one before.</summary>
    public async Task SetUrlAsync(string entityId, string kind, Uri url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        using ResponseMessage answer = await container.PatchItemStreamAsync(
            Id, new PartitionKey(entityId), [PatchOperation.Set($"/urls/{kind}", url.AbsoluteUri)],
            cancellationToken: cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The entity's owner and URLs; null for one that nobody has asked for.</summary>
    public async Task<EntityFiles?> ReadAsync(string entityId, CancellationToken cancellationToken)
    {
        using ResponseMessage answer = await container.ReadItemStreamAsync(
            Id, new PartitionKey(entityId), cancellationToken: cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        FilesDocument files = await Json.ReadAsync<FilesDocument>(answer, cancellationToken);
        return new EntityFiles(files.OwnedBy, files.Urls);
    }

    [NotAudited("It is told by what it belongs to.")]
    private sealed record FilesDocument(string OwnedBy, Dictionary<string, Uri> Urls);
}

/// <param name="Tenant">Whose the entity is.</param>
/// <param name="Urls">The file of each kind.</param>
public sealed record EntityFiles(string Tenant, IReadOnlyDictionary<string, Uri> Urls);
