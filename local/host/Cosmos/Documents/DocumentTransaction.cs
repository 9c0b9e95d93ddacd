namespace FinVault.Local.Cosmos;

/// <summary>
/// The operations of one transaction, carried out one after the other by the writer. Whoever made it rolls back when a
/// result has failed.
/// </summary>
internal sealed class DocumentTransaction(Connection connection, CosmosContainer container, long now)
{
    private long lsn;
    private int operations;

    public DocumentResult Apply(DocumentOperation operation)
    {
        if (container.Sequence.Dropped)
        {
            return DocumentResult.Refused(Refusal.OwnerNotFound, 0);
        }
        if (operation.Kind == CosmosOperation.Read)
        {
            return DocumentReader.Read(connection, container, operation, now);
        }
        Existing? existing = Find(operation);
        if (existing is { Dead: true } dead)
        {
            // Its time has come but no sweep has: a new document may take its place.
            connection.Prepare(container.Sql.Delete).Bind(1, dead.Stored.Row).Run();
            existing = null;
        }
        return operation.Kind switch
        {
            CosmosOperation.Create when existing is not null => Refuse(Refusal.Conflict),
            CosmosOperation.Create => Insert(operation),
            CosmosOperation.Upsert when existing is null => Insert(operation),
            _ when existing is null => Refuse(Refusal.NotFound),
            _ when IsStale(operation, existing.Value.Stored) => Refuse(Refusal.PreconditionFailed),
            CosmosOperation.Upsert or CosmosOperation.Replace => Replace(operation, existing.Value),
            CosmosOperation.Delete => Delete(existing.Value),
            _ => Patch(operation, existing.Value),
        };
    }

    /// <summary>If-None-Match on a write guards only creation: an upsert with "*" must not replace.</summary>
    private static bool IsStale(DocumentOperation operation, StoredDocument stored) =>
        operation.IfMatch is { } wanted && wanted != "*" && wanted != stored.ETag
        || operation.IfNoneMatch is { } unwanted && (unwanted == "*" || unwanted == stored.ETag);

    private Existing? Find(DocumentOperation operation)
    {
        Statement find = connection.Prepare(container.Sql.Find)
            .Bind(1, operation.Partition).Bind(2, operation.Id).Bind(3, now);
        Existing? found = find.Step()
            ? new Existing(
                new StoredDocument(find.Int64(0), find.Int64(1), find.Int64(2)), find.Int64(3), find.Int64(4) != 0)
            : null;
        find.Reset();
        return found;
    }

    private DocumentResult Insert(DocumentOperation operation)
    {
        DocumentScan document = operation.Document!;
        long version = NextVersion();
        Statement insert = connection.Prepare(container.Sql.Insert)
            .Bind(1, operation.Partition).Bind(2, operation.Id).Bind(3, version).Bind(4, now)
            .Bind(5, document.Ttl).Bind(6, Expiry(document.Ttl)).Bind(7, document.Body.Span);
        insert.Step();
        var stored = new StoredDocument(insert.Int64(0), version, now);
        insert.Reset();
        return Written(201, stored, document.Body, operation.Minimal,
            RequestCharge.Create(document.Size, document.IndexedValues));
    }

    private DocumentResult Replace(DocumentOperation operation, Existing existing)
    {
        DocumentScan document = operation.Document!;
        return Written(200, Update(existing, document), document.Body, operation.Minimal,
            RequestCharge.Replace(existing.Bytes, document.Size, document.IndexedValues));
    }

    private DocumentResult Patch(DocumentOperation operation, Existing existing)
    {
        Statement read = connection.Prepare(container.Sql.Read)
            .Bind(1, operation.Partition).Bind(2, operation.Id).Bind(3, now);
        read.Step();
        byte[] before = existing.Stored.Complete(container, read.Blob(3));
        read.Reset();
        try
        {
            if (!operation.Patch!.Allows(before))
            {
                return Refuse(Refusal.PreconditionFailed);
            }
            DocumentScan after = DocumentScan.Of(operation.Patch.Apply(before), container, operation.Partition);
            double charge = RequestCharge.Patch(
                existing.Bytes, after.Size, after.IndexedValues, operation.Patch.Operations.Count);
            return Written(200, Update(existing, after), after.Body, operation.Minimal, charge);
        }
        catch (RefusedException refused)
        {
            return Refuse(refused.Refusal);
        }
    }

    private DocumentResult Delete(Existing existing)
    {
        connection.Prepare(container.Sql.Delete).Bind(1, existing.Stored.Row).Run();
        // The deletion is a transaction too: the container's LSN moves on.
        NextVersion();
        return new DocumentResult(204, RequestCharge.Delete(existing.Bytes, 0));
    }

    private StoredDocument Update(Existing existing, DocumentScan document)
    {
        long version = NextVersion();
        connection.Prepare(container.Sql.Update)
            .Bind(1, existing.Stored.Row).Bind(2, version).Bind(3, now)
            .Bind(4, document.Ttl).Bind(5, Expiry(document.Ttl)).Bind(6, document.Body.Span)
            .Run();
        return new StoredDocument(existing.Stored.Row, version, now);
    }

    private DocumentResult Written(
        int status, StoredDocument stored, ReadOnlyMemory<byte> body, bool minimal, double charge) =>
        new(status, charge)
        {
            Stored = stored,
            Body = minimal ? default(ReadOnlyMemory<byte>) : stored.Complete(container, body.Span),
        };

    private static DocumentResult Refuse(Refusal refusal) => DocumentResult.Refused(refusal, RequestCharge.Miss);

    private long NextVersion()
    {
        lsn = lsn == 0 ? container.Sequence.Next(connection) : lsn;
        return DocumentVersion.Of(lsn, operations++);
    }

    private long? Expiry(int? ttl) => (container.DefaultTtl, ttl) switch
    {
        (null, _) or (_, -1) or (-1, null) => null,
        (_, { } own) => now + own,
        ({ } byDefault, null) => now + byDefault,
    };

    private readonly record struct Existing(StoredDocument Stored, long Bytes, bool Dead);
}
