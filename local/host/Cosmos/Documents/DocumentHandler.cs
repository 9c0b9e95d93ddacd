namespace FinVault.Local.Cosmos;

/// <summary>Answers requests about one document.</summary>
internal sealed class DocumentHandler(DocumentStore store)
{
    public async Task<CosmosResponse> HandleAsync(
        CosmosContainer container, CosmosRequest request, CosmosOperation kind, string? partition)
    {
        string? id = request.Path.Length > 5 ? request.Path[5] : null;
        if (partition is null)
        {
            throw new RefusedException("The partition key supplied in x-ms-partitionkey header is missing.");
        }
        DocumentOperation operation = DocumentOperation.Parse(container, kind, partition, id, request.Body) with
        {
            IfMatch = request.Headers.IfMatch,
            IfNoneMatch = request.Headers.IfNoneMatch,
            Minimal = request.Headers.MinimalAnswer,
        };
        DocumentResult result = kind == CosmosOperation.Read
            ? store.Read(container, operation)
            : await store.WriteAsync(container, operation);
        CosmosResponse answer = result.Refusal is { } refusal
            ? CosmosResponse.From(refusal)
            : new CosmosResponse(result.Status) { Body = result.Body };
        return answer with
        {
            Container = container,
            Charge = result.Charge,
            ETag = result.Stored.Version == 0 ? null : result.Stored.ETag,
        };
    }
}
