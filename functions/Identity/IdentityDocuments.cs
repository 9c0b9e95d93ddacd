using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>
/// The container <c>identity</c>. A partition is a user (<c>USER_…</c>), a tenant, or what leads to a user: the hash of
/// an e-mail address or of a login elsewhere.
/// </summary>
public sealed class IdentityDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Identity)
{
    /// <summary>Deletes a document that is audited, and has it told. False when it is gone.</summary>
    internal async Task<bool> DeleteAuditedAsync(
        string user, string kind, string id, string? tenant, TimeProvider time, CancellationToken cancellationToken)
    {
        TransactionalBatch batch = Batch(user).DeleteItem(id)
            .CreateItem(StoredChange.RemovedOfUser(user, kind, id, tenant, time));
        return (await ExecuteAsync(batch, cancellationToken)).IsDone;
    }
}
