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
    /// <summary>Deletes a document that is audited, and has it told; its place is free again. False when it is gone.</summary>
    internal async Task<bool> DeleteAuditedAsync(
        string user, string kind, string id, string? tenant, TimeProvider time, CancellationToken cancellationToken,
        int? place = null)
    {
        TransactionalBatch batch = Batch(user).DeleteItem(id)
            .CreateItem(StoredChange.RemovedOfUser(user, kind, id, tenant, time));
        // What is used lives a little longer than its place.
        if (place is { } number && UsersPlace.IdOf(kind, number) is var taken
            && await FindAsync<UsersPlace>(user, taken, cancellationToken) is not null)
        {
            batch.DeleteItem(taken);
        }

        return (await ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>Creates a document of a kind of which a user has so many at most, with one of the places for them.</summary>
    /// <param name="taken">The places of those that are there; null of one that came without.</param>
    /// <param name="add">Adds the document to the transaction, given its place.</param>
    /// <returns>False when there are as many as may be.</returns>
    internal async Task<bool> CreateInPlaceAsync(
        string user, string kind, IReadOnlyList<int?> taken, int most, int ttl,
        Action<TransactionalBatch, int> add, CancellationToken cancellationToken)
    {
        // For each that came without, the last of the free ones is kept.
        IEnumerable<int> free = Enumerable.Range(1, most).Except(taken.OfType<int>())
            .SkipLast(taken.Count(place => place is null));
        foreach (int place in free)
        {
            TransactionalBatch batch =
                Batch(user).CreateItem(new UsersPlace(user, UsersPlace.IdOf(kind, place), ttl));
            add(batch, place);
            if ((await ExecuteAsync(batch, cancellationToken)).IsDone)
            {
                return true;
            }
        }

        return false;
    }
}
