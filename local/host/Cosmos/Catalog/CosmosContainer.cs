using System.Text;
using System.Text.Json.Nodes;

namespace FinVault.Local.Cosmos;

/// <summary>A container as the endpoint needs it on every request. Immutable but for its sequence.</summary>
internal sealed class CosmosContainer
{
    /// <summary>
    /// Each container is exactly one partition key range, "" to "FF": the SDK then sends every query and change feed
    /// request whole, and needs nothing merged on its side.
    /// </summary>
    public const string RangeId = "0";

    public CosmosContainer(CosmosDatabase database, int number, JsonObject properties, LsnSequence sequence)
    {
        Database = database;
        Number = number;
        Properties = properties;
        Id = (string)properties["id"]!;
        Rid = ResourceId.Container(database.Number, number);
        RidBytes = ResourceId.ContainerBytes(database.Number, number);
        SelfPrefix = Encoding.UTF8.GetBytes($"dbs/{database.Rid}/colls/{Rid}/docs/");
        AltContentPath = $"dbs/{database.Id}/colls/{Id}";
        PartitionKey = PartitionKeyPaths.Parse(properties["partitionKey"]);
        DefaultTtl = properties["defaultTtl"] is JsonValue ttl ? ttl.GetValue<int>() : null;
        Indexing = IndexedPaths.Parse(properties["indexingPolicy"]);
        Sql = new DocumentSql(number);
        Sequence = sequence;
    }

    public CosmosDatabase Database { get; }
    public int Number { get; }
    public string Id { get; }
    public string Rid { get; }
    public byte[] RidBytes { get; }
    public byte[] SelfPrefix { get; }
    public string AltContentPath { get; }
    public JsonObject Properties { get; }
    public PartitionKeyPaths PartitionKey { get; }
    public IndexedPaths Indexing { get; }
    public DocumentSql Sql { get; }

    /// <summary>Seconds; null: nothing expires, -1: only documents with a <c>ttl</c> of their own.</summary>
    public int? DefaultTtl { get; }

    /// <summary>Shared with the container's later versions (a replaced time to live or indexing policy).</summary>
    public LsnSequence Sequence { get; }

    public long Lsn => Sequence.Last;
}

/// <summary>A database: its id, number and resource id.</summary>
internal sealed record CosmosDatabase(int Number, string Id, long Timestamp)
{
    public string Rid { get; } = ResourceId.Database(Number);
}
