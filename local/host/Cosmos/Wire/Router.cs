namespace FinVault.Local.Cosmos;

/// <summary>Which handler answers which path and method.</summary>
internal sealed class Router(
    Catalog catalog, CatalogHandler resources, DocumentHandler documents, QueryHandler queries,
    ChangeFeedHandler changes, BatchHandler batches)
{
    public static CosmosOperation OperationOf(CosmosRequest request)
    {
        RequestHeaders headers = request.Headers;
        if (request.Path is not ["dbs", _, "colls", _, "docs", ..])
        {
            return CosmosOperation.Metadata;
        }
        return (request.Method, request.Path.Length) switch
        {
            ("POST", 5) when headers.IsQueryPlan => CosmosOperation.QueryPlan,
            ("POST", 5) when headers.IsBatch => CosmosOperation.Batch,
            ("POST", 5) when headers.IsQuery || headers.ContentType is ['a', ..] type
                && type.StartsWith("application/query+json", StringComparison.Ordinal) => CosmosOperation.Query,
            ("POST", 5) when headers.IsUpsert => CosmosOperation.Upsert,
            ("POST", 5) => CosmosOperation.Create,
            ("GET", 5) when headers.ChangeFeed is not null => CosmosOperation.ChangeFeed,
            ("GET", 5) => CosmosOperation.ReadFeed,
            ("GET", 6) => CosmosOperation.Read,
            ("PUT", 6) => CosmosOperation.Replace,
            ("PATCH", 6) => CosmosOperation.Patch,
            ("DELETE", 6) => CosmosOperation.Delete,
            _ => throw new RefusedException(new Refusal(405, 0, $"{request.Method} is not supported here.")),
        };
    }

    public Task<CosmosResponse> RouteAsync(CosmosRequest request, CosmosOperation operation)
    {
        if (operation == CosmosOperation.Metadata)
        {
            return resources.HandleAsync(request);
        }
        if (catalog.FindContainer(request.Path[1], request.Path[3]) is not { } container)
        {
            return Task.FromResult(CosmosResponse.From(Refusal.OwnerNotFound));
        }
        string? partition = request.Headers.PartitionKey is { } header
            ? PartitionKeyValue.FromHeader(header, container.PartitionKey)
            : null;
        return operation switch
        {
            CosmosOperation.QueryPlan => Task.FromResult(QueryHandler.Plan(container, request)),
            CosmosOperation.Query => Task.FromResult(queries.Query(container, request, partition)),
            CosmosOperation.ReadFeed => Task.FromResult(queries.List(container, request, partition)),
            CosmosOperation.ChangeFeed => Task.FromResult(changes.Read(container, request, partition)),
            CosmosOperation.Batch => batches.RunAsync(container, request, partition),
            _ => documents.HandleAsync(container, request, operation, partition),
        };
    }
}
