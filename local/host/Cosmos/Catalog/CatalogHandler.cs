using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinVault.Local.Cosmos;

/// <summary>Answers requests about the account, databases, containers and partition key ranges.</summary>
internal sealed class CatalogHandler(Catalog catalog, TimeProvider time)
{
    private static readonly Refusal Missing = Refusal.NotFound;

    public async Task<CosmosResponse> HandleAsync(CosmosRequest request) => (request.Method, request.Path) switch
    {
        ("GET", []) => Json(200, Resources.Account(request.Origin)),
        ("GET", ["dbs"]) => Databases(),
        ("POST", ["dbs"]) when request.Headers.IsQuery => Databases(),
        ("POST", ["dbs"]) => await CreateDatabaseAsync(Parse(request)),
        ("GET", ["dbs", var db]) => catalog.FindDatabase(db) is { } found
            ? Json(200, Resources.Database(found))
            : CosmosResponse.From(Missing),
        ("DELETE", ["dbs", var db]) => await DeleteDatabaseAsync(db),
        (var method, ["dbs", var db, "colls"]) => catalog.FindDatabase(db) is { } owner
            ? await ContainersAsync(method, owner, request)
            : CosmosResponse.From(Refusal.OwnerNotFound),
        (var method, ["dbs", var db, "colls", var id]) => catalog.FindContainer(db, id) is { } container
            ? await ContainerAsync(method, container, request)
            : CosmosResponse.From(Missing),
        ("GET", ["dbs", var db, "colls", var id, "pkranges"]) => catalog.FindContainer(db, id) is { } container
            ? PartitionKeyRanges(container, request)
            : CosmosResponse.From(Refusal.OwnerNotFound),
        // Throughput is not provisioned here; an empty list tells the SDK so.
        (_, ["offers", ..]) => Feed("Offers", []),
        (var method, var path) => CosmosResponse.From(Refusal.BadRequest(
            $"{method} /{string.Join('/', path)} is not supported by the embedded endpoint.")),
    };

    private CosmosResponse Databases() => Feed("Databases", catalog.Databases.Select(Resources.Database));

    private async Task<CosmosResponse> CreateDatabaseAsync(JsonObject properties)
    {
        string id = CheckedId(properties);
        return await catalog.CreateDatabaseAsync(id, time.GetUtcNow().ToUnixTimeSeconds()) is { } created
            ? Json(201, Resources.Database(created))
            : CosmosResponse.From(Refusal.Conflict);
    }

    private async Task<CosmosResponse> DeleteDatabaseAsync(string id)
    {
        if (catalog.FindDatabase(id) is not { } database)
        {
            return CosmosResponse.From(Missing);
        }
        await catalog.DeleteAsync([.. catalog.Containers.Where(c => c.Database == database)], database);
        return new CosmosResponse(204);
    }

    private async Task<CosmosResponse> ContainersAsync(string method, CosmosDatabase owner, CosmosRequest request)
    {
        if (method == "GET" || request.Headers.IsQuery)
        {
            return Feed("DocumentCollections",
                catalog.Containers.Where(c => c.Database == owner).Select(Resources.Container));
        }
        JsonObject properties = Parse(request);
        CheckedId(properties);
        properties = Resources.WithDefaults(properties, time.GetUtcNow());
        return await catalog.CreateContainerAsync(owner, properties) is { } created
            ? Json(201, Resources.Container(created))
            : CosmosResponse.From(Refusal.Conflict);
    }

    private async Task<CosmosResponse> ContainerAsync(string method, CosmosContainer container, CosmosRequest request)
    {
        switch (method)
        {
            case "GET":
                return Json(200, Resources.Container(container)) with { Container = container };
            case "DELETE":
                await catalog.DeleteAsync([container], null);
                return new CosmosResponse(204);
            case "PUT":
                JsonObject properties = Resources.WithDefaults(Parse(request), time.GetUtcNow());
                JsonNode? paths = container.Properties["partitionKey"]?["paths"];
                if (!JsonNode.DeepEquals(properties["partitionKey"]?["paths"], paths))
                {
                    throw new RefusedException("A container's partition key cannot be changed.");
                }
                return Json(200, Resources.Container(await catalog.ReplaceContainerAsync(container, properties)));
            default:
                return CosmosResponse.From(new Refusal(405, 0, $"{method} is not supported on a container."));
        }
    }

    /// <summary>
    /// The SDK asks by resource id and as a change feed (A-IM): the first answer carries an ETag, and whoever shows it
    /// again must be told 304, or the SDK asks for ever.
    /// </summary>
    private static CosmosResponse PartitionKeyRanges(CosmosContainer container, CosmosRequest request)
    {
        const string etag = "\"1\"";
        return request.Headers.IfNoneMatch == etag
            ? new CosmosResponse(304) { ETag = etag, ItemCount = 0, Container = container }
            : Feed("PartitionKeyRanges", [Resources.PartitionKeyRange(container)], container.Rid) with
            {
                ETag = etag,
                Container = container,
            };
    }

    private static CosmosResponse Feed(string name, IEnumerable<JsonObject> items, string rid = "")
    {
        JsonArray list = [.. items];
        int count = list.Count;
        var feed = new JsonObject { ["_rid"] = rid, [name] = list, ["_count"] = count };
        return Json(200, feed) with { ItemCount = count };
    }

    private static CosmosResponse Json(int status, JsonObject body) => CosmosResponse.Json(
        status, JsonSerializer.SerializeToUtf8Bytes<JsonNode>(body)) with { ETag = (string?)body["_etag"] };

    private static JsonObject Parse(CosmosRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body.Span) as JsonObject
                ?? throw new RefusedException("The resource is not a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new RefusedException($"The resource is not JSON: {exception.Message}");
        }
    }

    private static string CheckedId(JsonObject properties)
    {
        string? id = properties["id"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        return !string.IsNullOrEmpty(id) && id.Length <= 255 && id.AsSpan().IndexOfAny("/\\?#") < 0
            ? id
            : throw new RefusedException($"The id '{id}' is invalid: 1 to 255 characters and none of / \\ ? #.");
    }
}
