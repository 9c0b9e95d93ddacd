using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Audit;

/// <summary>The container <c>audit</c>: an entity's trail in a partition, and the seals in one of their own.</summary>
public sealed class AuditStore(CosmosClient cosmos) : Documents(cosmos, Containers.Audit)
{
    private const int MaxTries = 100;

    // Third in the batch, behind the line and the head.
    private const int MarkerOperation = 2;

    internal Task<AuditHead?> FindHeadAsync(string entity, CancellationToken cancellationToken) =>
        FindAsync<AuditHead>(entity, AuditHead.DocumentId, cancellationToken);

    /// <summary>
    /// Puts a line at the end of an entity's chain, again where somebody else was first, in one batch with the head,
    /// whose ETag fences it.
    /// </summary>
    /// <param name="entity">The partition.</param>
    /// <param name="next">The line and the head after it, by the head before; null to leave it.</param>
    /// <param name="marker">An id that is taken with it: what has it already was told before.</param>
    /// <param name="cancellationToken">Gives up; it is there or not.</param>
    internal async Task AppendAsync(
        string entity, Func<AuditHead?, (AuditRecord Record, AuditHead Head)?> next, string? marker,
        CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            Versioned<AuditHead>? read =
                await FindVersionedAsync<AuditHead>(entity, AuditHead.DocumentId, cancellationToken);
            if (next(read?.Document) is not { } line)
            {
                return;
            }

            TransactionalBatch batch = Batch(entity).CreateItem(line.Record);
            _ = read is { } there
                ? batch.ReplaceItem(AuditHead.DocumentId, line.Head, new() { IfMatchEtag = there.ETag })
                : batch.CreateItem(line.Head);
            if (marker is not null)
            {
                batch.CreateItem(new Marker(marker, entity));
            }

            BatchOutcome outcome = await ExecuteAsync(batch, cancellationToken);
            if (outcome.IsDone || outcome is { Failed: MarkerOperation, Status: HttpStatusCode.Conflict })
            {
                return;
            }
        }

        throw new TimeoutException($"The trail of {entity} changed {MaxTries} times while a line was added.");
    }

    internal Task<SealHead?> FindSealHeadAsync(CancellationToken cancellationToken) =>
        FindAsync<SealHead>(AuditSeal.Chain, AuditHead.DocumentId, cancellationToken);

    /// <summary>Adds a seal behind the one that was read; false when somebody else did.</summary>
    internal async Task<bool> SealAsync(AuditSeal seal, string? etag, CancellationToken cancellationToken)
    {
        SealHead head = new(seal.Number, seal.Hash);
        TransactionalBatch batch = Batch(AuditSeal.Chain).CreateItem(seal);
        _ = etag is null
            ? batch.CreateItem(head)
            : batch.ReplaceItem(head.Id, head, new() { IfMatchEtag = etag });
        return (await ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>Seals after a number, in their order.</summary>
    internal IAsyncEnumerable<AuditSeal> SealsAsync(long after, int limit, CancellationToken cancellationToken) =>
        QueryAsync<AuditSeal>(
            AuditSeal.Chain,
            new QueryDefinition("SELECT TOP @limit * FROM c WHERE c.type = 'seal' AND c.id > @after ORDER BY c.id")
                .WithParameter("@limit", limit)
                .WithParameter("@after", AuditSeal.IdOf(after)),
            cancellationToken);

    /// <summary>Heads of all entities after one, in their order.</summary>
    internal IAsyncEnumerable<AuditHead> HeadsAsync(string after, int limit, CancellationToken cancellationToken) =>
        QueryAsync<AuditHead>(
            null,
            new QueryDefinition("SELECT TOP @limit * FROM c WHERE c.type = 'head' AND c.entity > @after ORDER BY c.entity")
                .WithParameter("@limit", limit)
                .WithParameter("@after", after),
            cancellationToken);

    /// <summary>Heads that no seal holds as they are.</summary>
    internal IAsyncEnumerable<AuditHead> OpenHeadsAsync(int limit, CancellationToken cancellationToken) =>
        QueryAsync<AuditHead>(
            null,
            new QueryDefinition("SELECT TOP @limit * FROM c WHERE c.type = 'head' AND c.open = true")
                .WithParameter("@limit", limit),
            cancellationToken);

    /// <summary>A seal holds this version of a head; one that has moved on stays open.</summary>
    internal Task CloseAsync(AuditHead head, CancellationToken cancellationToken) => PatchAsync(
        head.Entity, AuditHead.DocumentId, $"FROM c WHERE c.hash = '{head.Hash}'", cancellationToken,
        PatchOperation.Set("/open", false));

    /// <summary>Lines of an entity after a version and up to one, oldest first.</summary>
    internal IAsyncEnumerable<AuditRecord> LinesAsync(
        string entity, long after, long last, CancellationToken cancellationToken) => QueryAsync<AuditRecord>(
            entity,
            new QueryDefinition(
                "SELECT * FROM c WHERE c.type = 'record' AND c.id > @after AND c.id <= @last ORDER BY c.id")
                .WithParameter("@after", AuditRecord.IdOf(after))
                .WithParameter("@last", AuditRecord.IdOf(last)),
            cancellationToken);

    /// <summary>An event that was told; a message comes for longer than this only by an operator's hand.</summary>
    [NotAudited("It is of the audit trail itself.")]
    private sealed record Marker(string Id, string Entity, int Ttl = Marker.KeptSeconds)
    {
        private const int KeptSeconds = 30 * 24 * 3600;

        public string Type { get; init; } = "marker";
    }
}
