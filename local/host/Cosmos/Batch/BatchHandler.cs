namespace FinVault.Local.Cosmos;

/// <summary>
/// Transactional batches: one partition, all or nothing. The SDK's bulk mode comes the same way, marked as not atomic;
/// its operations then stand each for itself.
/// </summary>
internal sealed class BatchHandler(DocumentStore store)
{
    private const int OperationLimit = 100;

    /// <summary>The service takes 2 MB of operations; the request around them is a little longer.</summary>
    private const int SizeLimitBytes = DocumentScan.SizeLimitBytes + 64 * 1024;

    public async Task<CosmosResponse> RunAsync(CosmosContainer container, CosmosRequest request, string? partition)
    {
        if (request.Body.Length > SizeLimitBytes)
        {
            return CosmosResponse.From(Refusal.TooLarge);
        }
        // The .NET SDK sends HybridRow, the JavaScript SDK a JSON array.
        bool isJson = request.Body.Span is [(byte)'[', ..];
        List<BatchOperation> operations = isJson ? BatchJson.Read(request.Body) : BatchWire.Read(request.Body);
        if (operations.Count is 0 or > OperationLimit)
        {
            return CosmosResponse.From(Refusal.BadRequest(
                $"A batch takes 1 to {OperationLimit} operations; this one has {operations.Count}."));
        }
        DocumentResult[] results = request.Headers.IsBatchAtomic
            ? await RunAtomicAsync(container, operations, partition)
            : await RunEachAsync(container, operations, partition);
        return new CosmosResponse(results.Any(r => r.Failed) ? 207 : 200)
        {
            Container = container,
            Charge = results.Sum(r => r.Charge),
            Body = isJson ? BatchJson.Write(results) : BatchWire.Write(results),
            ContentType = isJson ? "application/json" : "application/octet-stream",
        };
    }

    private async Task<DocumentResult[]> RunAtomicAsync(
        CosmosContainer container, List<BatchOperation> operations, string? partition)
    {
        if (partition is null)
        {
            throw new RefusedException("A transactional batch needs a partition key.");
        }
        var parsed = new DocumentOperation[operations.Count];
        for (int i = 0; i < parsed.Length; i++)
        {
            try
            {
                parsed[i] = Parse(container, operations[i], partition);
            }
            catch (RefusedException refused)
            {
                return Blame(operations.Count, i, refused.Refusal);
            }
        }
        return await store.WriteAsync(container, parsed);
    }

    private async Task<DocumentResult[]> RunEachAsync(
        CosmosContainer container, List<BatchOperation> operations, string? partition)
    {
        var results = new DocumentResult[operations.Count];
        for (int i = 0; i < results.Length; i++)
        {
            try
            {
                string key = operations[i].PartitionKey is { } header
                    ? PartitionKeyValue.FromHeader(header, container.PartitionKey)
                    : partition ?? throw new RefusedException("A bulk operation needs a partition key.");
                results[i] = await store.WriteAsync(container, Parse(container, operations[i], key));
            }
            catch (RefusedException refused)
            {
                results[i] = DocumentResult.Refused(refused.Refusal, 0);
            }
        }
        return results;
    }

    private static DocumentOperation Parse(CosmosContainer container, BatchOperation operation, string partition) =>
        DocumentOperation.Parse(container, operation.Kind, partition, operation.Id, operation.Body) with
        {
            IfMatch = operation.IfMatch,
            IfNoneMatch = operation.IfNoneMatch,
            Minimal = operation.Minimal,
        };

    private static DocumentResult[] Blame(int count, int failed, Refusal refusal)
    {
        var results = new DocumentResult[count];
        Array.Fill(results, new DocumentResult(424, 0));
        results[failed] = DocumentResult.Refused(refusal, 0);
        return results;
    }
}
