using System.Text;

namespace FinVault.Local.Cosmos;

/// <summary>Answers queries over documents, their plans and the plain listing of a container.</summary>
internal sealed class QueryHandler(SqliteFile file, DocumentStore store)
{
    /// <summary>
    /// A plan without a rewritten query, sort keys or aggregates: the SDK then passes the query's text through as it is
    /// and merges nothing, which is right as every container is one partition key range.
    /// </summary>
    private static readonly byte[] EmptyPlan = Encoding.UTF8.GetBytes("""
        {"partitionedQueryExecutionInfoVersion":2,"queryInfo":{"distinctType":"None","top":null,"offset":null,
        "limit":null,"orderBy":[],"orderByExpressions":[],"groupByExpressions":[],"groupByAliases":[],"aggregates":[],
        "groupByAliasToAggregateType":{},"rewrittenQuery":"","hasSelectValue":false,"hasNonStreamingOrderBy":false},
        "queryRanges":[{"min":"","max":"FF","isMinInclusive":true,"isMaxInclusive":false}]}
        """);

    private static readonly SqlQuery WholeContainer =
        SqlParser.Parse("SELECT * FROM c", new Dictionary<string, SqlValue>());

    /// <summary>The plan of a query; a query that cannot be run is refused here already.</summary>
    public static CosmosResponse Plan(CosmosContainer container, CosmosRequest request)
    {
        CheckOrder(container, QueryRequest.Parse(request.Body));
        return CosmosResponse.Json(200, EmptyPlan) with { Container = container };
    }

    public CosmosResponse Query(CosmosContainer container, CosmosRequest request, string? partition)
    {
        SqlQuery query = QueryRequest.Parse(request.Body);
        CheckOrder(container, query);
        return Run(container, request, partition, query, RequestCharge.Query);
    }

    /// <summary>GET on a container's documents: all of them, in pages.</summary>
    public CosmosResponse List(CosmosContainer container, CosmosRequest request, string? partition) =>
        Run(container, request, partition, WholeContainer, RequestCharge.Feed);

    private CosmosResponse Run(
        CosmosContainer container, CosmosRequest request, string? partition, SqlQuery query,
        Func<double, double> charge)
    {
        QueryContinuation from = QueryContinuation.Parse(request.Headers.Continuation);
        var page = new ResultPage(container, request.Headers.MaxItemCount);
        var rows = new ProjectionWriter(container, query.Selection);
        var plain = new PlainCollector(query, rows, page, from);
        var sorted = new SortedCollector(query, rows);
        var grouped = new GroupCollector(query, rows);
        bool isSorted = query.OrderBy.Count > 0 || query.Distinct;
        IRowCollector collector = query.IsGrouped ? grouped : isSorted ? sorted : plain;
        var execution = new QueryExecution(container, query, collector);
        long now = store.NowSeconds;
        file.Read((execution, partition, from, now), static (connection, a) =>
        {
            a.execution.Run(connection, a.partition, a.from, a.now);
            return 0;
        });
        QueryContinuation? next = query.IsGrouped ? grouped.Answer(page, from)
            : isSorted ? sorted.Answer(page, from)
            : plain.Next;
        return CosmosResponse.Json(200, page.Finish()) with
        {
            Container = container,
            Continuation = next?.ToString(),
            ItemCount = page.Count,
            Charge = charge(execution.Loaded),
        };
    }

    /// <summary>The service sorts by indexed paths only; a query that it would refuse must not work here.</summary>
    private static void CheckOrder(CosmosContainer container, SqlQuery query)
    {
        foreach ((SqlExpression key, _) in query.OrderBy)
        {
            string[]? path = KeyCandidate.PathOf(key);
            if (path is not (null or ["_ts"] or ["id"]) && !container.Indexing.Includes(path))
            {
                throw new RefusedException("The index path corresponding to the specified order-by item is excluded: "
                    + $"/{string.Join('/', path)}.");
            }
        }
    }
}
