using System.Text.Json;
using System.Text.Json.Serialization;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Audit;

/// <summary>
/// One change of an audited document, created in the transaction of the change. The change feed brings a document as it
/// is when it is asked, so of several changes in a moment it shows one; these it brings each, in their order. The trail
/// deletes what it has read.
/// </summary>
/// <param name="Id"><c>CHANGE_&lt;ULID&gt;</c>.</param>
/// <param name="Of">The document's id.</param>
/// <param name="By">Who made the change; the same stamp stands in the document.</param>
/// <param name="Giveaway">The partition, in the container <c>giveaways</c>.</param>
/// <param name="Tenant">The partition, in the container <c>escrow</c>.</param>
/// <param name="User">The partition, in the container <c>identity</c>.</param>
/// <param name="Document">As it was created or replaced.</param>
/// <param name="Sets">What a patch has set in it.</param>
/// <param name="Removed">That it was deleted.</param>
/// <param name="Ttl">Seconds that the trail may be behind.</param>
[NotAudited("It tells of a change, and is none.")]
public sealed record StoredChange(
    string Id,
    string Of,
    ChangeStamp By,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Giveaway = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tenant = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? User = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Document = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StoredSet>? Sets = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RemovedDocument? Removed = null,
    int Ttl = StoredChange.TimeToLiveSeconds)
{
    public const string DocumentType = "auditChange";

    private const int TimeToLiveSeconds = 7 * 24 * 3600;

    public string Type { get; init; } = DocumentType;

    /// <summary>That a document of a user's partition is deleted; for the transaction that does it.</summary>
    public static StoredChange RemovedOfUser(string partition, string kind, string id, string? tenant, TimeProvider time) =>
        OfRemoval(Containers.Identity, kind, partition, id, tenant, partition, time);

    /// <summary>That a document of a giveaway's partition is deleted.</summary>
    public static StoredChange RemovedOfGiveaway(string giveaway, string kind, string id, string tenant, TimeProvider time) =>
        OfRemoval(Containers.Giveaways, kind, giveaway, id, tenant, tenant, time);

    /// <summary>That a document of a tenant's partition is deleted.</summary>
    public static StoredChange RemovedOfTenant(string tenant, string kind, string id, TimeProvider time) =>
        OfRemoval(Containers.Escrow, kind, tenant, id, tenant, tenant, time);

    private static StoredChange OfRemoval(
        string container, string kind, string partition, string id, string? tenant, string? subject, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ChangeStamp by = ChangeStamp.Now() with { At = time.GetUtcNow() };
        return New(container, partition, id, by) with { Removed = new(kind, tenant, subject) };
    }

    internal static StoredChange New(string container, string partition, string of, ChangeStamp by)
    {
        StoredChange change = new(Ids.New("CHANGE", by.At), of, by);
        return container switch
        {
            Containers.Giveaways => change with { Giveaway = partition },
            Containers.Escrow => change with { Tenant = partition },
            Containers.Identity => change with { User = partition },
            _ => throw new NotSupportedException($"Nothing of the container {container} is audited."),
        };
    }
}

/// <summary>A field that was set.</summary>
/// <param name="Path">JSON pointer.</param>
/// <param name="Value">What it became; null for null.</param>
public sealed record StoredSet(string Path, JsonElement? Value)
{
    private static readonly PatchValues Values = new();

    /// <exception cref="NotSupportedException">A stamped patch sets; what is counted or moved is not audited.</exception>
    internal static StoredSet Of(PatchOperation operation)
    {
        if (operation.OperationType != PatchOperationType.Set
            || !operation.TrySerializeValueParameter(Values, out Stream stream))
        {
            throw new NotSupportedException($"A patch of an audited document sets; {operation.Path} is not set.");
        }

        using (stream)
        {
            JsonElement value = JsonSerializer.Deserialize<JsonElement>(stream);
            return new(operation.Path, value.ValueKind == JsonValueKind.Null ? null : value);
        }
    }

    /// <summary>Writes a patch's values as the store does.</summary>
    private sealed class PatchValues : CosmosSerializer
    {
        public override T FromStream<T>(Stream stream) => throw new NotSupportedException("Values are only written.");

        public override Stream ToStream<T>(T input) =>
            new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(input, Json.Stored));
    }
}

/// <summary>That a document was deleted.</summary>
/// <param name="Kind">Of the audited kinds.</param>
/// <param name="Tenant">Who may see its trail.</param>
/// <param name="Subject">Whose data it was.</param>
public sealed record RemovedDocument(string Kind, string? Tenant, string? Subject);
