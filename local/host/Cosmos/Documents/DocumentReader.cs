namespace FinVault.Local.Cosmos;

/// <summary>Reads one document by partition key and id.</summary>
internal static class DocumentReader
{
    public static DocumentResult Read(
        Connection connection, CosmosContainer container, DocumentOperation operation, long now)
    {
        if (container.Sequence.Dropped)
        {
            return DocumentResult.Refused(Refusal.OwnerNotFound, 0);
        }
        Statement read = connection.Prepare(container.Sql.Read)
            .Bind(1, operation.Partition).Bind(2, operation.Id).Bind(3, now);
        try
        {
            return read.Step()
                ? Found(read, container, operation)
                : DocumentResult.Refused(Refusal.NotFound, RequestCharge.Miss);
        }
        finally
        {
            read.Reset();
        }
    }

    private static DocumentResult Found(Statement row, CosmosContainer container, DocumentOperation operation)
    {
        var stored = new StoredDocument(row.Int64(0), row.Int64(1), row.Int64(2));
        if (operation.IfNoneMatch is { } etag && (etag == "*" || etag == stored.ETag))
        {
            return new DocumentResult(304, RequestCharge.Miss) { Stored = stored };
        }
        if (operation.IfMatch is { } wanted && wanted != "*" && wanted != stored.ETag)
        {
            return DocumentResult.Refused(Refusal.PreconditionFailed, RequestCharge.Miss);
        }
        byte[] document = stored.Complete(container, row.Blob(3));
        return new DocumentResult(200, RequestCharge.Read(document.Length)) { Stored = stored, Body = document };
    }
}
