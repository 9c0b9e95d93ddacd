using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>
/// The container <c>identity</c>. A partition is a user (<c>USER_…</c>), a tenant, or what leads to a user: the hash of
/// an e-mail address or of a login elsewhere.
/// </summary>
public sealed class IdentityDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Identity)
{
    /// <summary>False when the document is no longer the one that was read.</summary>
    internal async Task<bool> ReplaceAsync<T>(
        string user, string id, T document, string etag, CancellationToken cancellationToken)
    {
        try
        {
            await Container.ReplaceItemAsync(
                document, id, new PartitionKey(user),
                new ItemRequestOptions { IfMatchEtag = etag, EnableContentResponseOnWrite = false }, cancellationToken);
            return true;
        }
        catch (CosmosException changed) when (
            changed.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>False when it is gone, or no longer the one that was read: of two who delete, one is told true.</summary>
    internal async Task<bool> DeleteAsync(string user, string id, string? etag, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await Container.DeleteItemStreamAsync(
            id, new PartitionKey(user), new ItemRequestOptions { IfMatchEtag = etag }, cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
        {
            return false;
        }

        response.EnsureSuccessStatusCode();
        return true;
    }
}
