using System.Text.Json.Nodes;

namespace FinVault.Local.Cosmos;

/// <summary>The JSON of resources other than documents, as the service answers it.</summary>
internal static class Resources
{
    /// <summary>One region, at the address the client used: SDKs send everything else to what is named here.</summary>
    public static JsonObject Account(string origin)
    {
        JsonArray Locations() => [new JsonObject { ["name"] = "Local", ["databaseAccountEndpoint"] = $"{origin}/" }];
        return new JsonObject
        {
            ["_self"] = "",
            ["id"] = "finvault-local",
            ["_rid"] = "finvault-local",
            ["media"] = "//media/",
            ["addresses"] = "//addresses/",
            ["_dbs"] = "//dbs/",
            ["writableLocations"] = Locations(),
            ["readableLocations"] = Locations(),
            ["enableMultipleWriteLocations"] = false,
            ["userReplicationPolicy"] = Replicas(),
            ["systemReplicationPolicy"] = Replicas(),
            ["userConsistencyPolicy"] = new JsonObject { ["defaultConsistencyLevel"] = "Session" },
            ["readPolicy"] = new JsonObject { ["primaryReadCoefficient"] = 1, ["secondaryReadCoefficient"] = 1 },
            ["queryEngineConfiguration"] = """{"maxSqlQueryInputLength":524288,"maxJoinsPerSqlQuery":5}""",
        };
    }

    public static JsonObject Database(CosmosDatabase database) => new()
    {
        ["id"] = database.Id,
        ["_rid"] = database.Rid,
        ["_self"] = $"dbs/{database.Rid}/",
        ["_etag"] = DocumentVersion.ETag(database.Number, database.Timestamp),
        ["_colls"] = "colls/",
        ["_users"] = "users/",
        ["_ts"] = database.Timestamp,
    };

    public static JsonObject Container(CosmosContainer container)
    {
        var properties = (JsonObject)container.Properties.DeepClone();
        properties["_rid"] = container.Rid;
        properties["_self"] = $"dbs/{container.Database.Rid}/colls/{container.Rid}/";
        properties["_etag"] = DocumentVersion.ETag(container.Number, (long)properties["_ts"]!);
        properties["_docs"] = "docs/";
        properties["_sprocs"] = "sprocs/";
        properties["_triggers"] = "triggers/";
        properties["_udfs"] = "udfs/";
        properties["_conflicts"] = "conflicts/";
        return properties;
    }

    public static JsonObject PartitionKeyRange(CosmosContainer container)
    {
        string rid = ResourceId.PartitionKeyRange(container.Database.Number, container.Number);
        return new JsonObject
        {
            ["_rid"] = rid,
            ["id"] = CosmosContainer.RangeId,
            ["_etag"] = "\"1\"",
            ["minInclusive"] = "",
            ["maxExclusive"] = "FF",
            ["ridPrefix"] = 0,
            ["_self"] = $"dbs/{container.Database.Rid}/colls/{container.Rid}/pkranges/{rid}/",
            ["throughputFraction"] = 1,
            ["status"] = "online",
            ["parents"] = new JsonArray(),
            ["_ts"] = (long)container.Properties["_ts"]!,
            ["_lsn"] = 1,
        };
    }

    /// <summary>What the service fills in when a container is created without it.</summary>
    public static JsonObject WithDefaults(JsonObject properties, DateTimeOffset now)
    {
        var complete = (JsonObject)properties.DeepClone();
        if (complete["partitionKey"] is not JsonObject)
        {
            throw new RefusedException("A container needs a partitionKey.");
        }
        complete["partitionKey"]!["kind"] ??= "Hash";
        complete["partitionKey"]!["version"] ??= 2;
        complete["indexingPolicy"] ??= new JsonObject();
        JsonNode indexing = complete["indexingPolicy"]!;
        indexing["indexingMode"] ??= "consistent";
        indexing["automatic"] ??= true;
        bool isGiven = indexing["includedPaths"] is JsonArray { Count: > 0 }
            || indexing["excludedPaths"] is JsonArray { Count: > 0 };
        if (!isGiven)
        {
            indexing["includedPaths"] = new JsonArray(new JsonObject { ["path"] = "/*" });
        }
        indexing["excludedPaths"] ??= new JsonArray(new JsonObject { ["path"] = "/\"_etag\"/?" });
        complete["conflictResolutionPolicy"] ??= new JsonObject
        {
            ["mode"] = "LastWriterWins",
            ["conflictResolutionPath"] = "/_ts",
            ["conflictResolutionProcedure"] = "",
        };
        complete["geospatialConfig"] ??= new JsonObject { ["type"] = "Geography" };
        complete["_ts"] = now.ToUnixTimeSeconds();
        return complete;
    }

    private static JsonObject Replicas() => new()
    {
        ["asyncReplication"] = false,
        ["minReplicaSetSize"] = 1,
        ["maxReplicasetSize"] = 1,
    };
}
