using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinVault.Local.Cosmos;

/// <summary>
/// A partial update: up to ten operations and, perhaps, a condition (<c>from c where c.remaining &gt; 0</c>) that the
/// stored document must meet.
/// </summary>
internal sealed class PatchSpecification
{
    private const int OperationLimit = 10;
    private readonly DocumentFilter? condition;

    private PatchSpecification(IReadOnlyList<PatchStep> operations, DocumentFilter? condition)
    {
        Operations = operations;
        this.condition = condition;
    }

    public IReadOnlyList<PatchStep> Operations { get; }

    public static PatchSpecification Parse(ReadOnlyMemory<byte> body, PartitionKeyPaths partitionKey)
    {
        JsonNode? root = ParseJson(body);
        JsonArray steps = root as JsonArray ?? root?["operations"] as JsonArray
            ?? throw new RefusedException("A patch needs its operations as an array.");
        if (steps.Count is 0 or > OperationLimit)
        {
            throw new RefusedException($"A patch takes 1 to {OperationLimit} operations; this one has {steps.Count}.");
        }
        string? condition = root is JsonObject ? (string?)root["condition"] : null;
        return new PatchSpecification(
            [.. steps.Select(step => PatchStep.Parse(step, partitionKey))],
            condition is null ? null : DocumentFilter.Parse(condition));
    }

    public bool Allows(ReadOnlyMemory<byte> document) => condition?.Matches(document) ?? true;

    /// <summary>The changed document, system properties and all.</summary>
    public byte[] Apply(ReadOnlyMemory<byte> document)
    {
        var root = (JsonObject)JsonNode.Parse(document.Span)!;
        foreach (PatchStep step in Operations)
        {
            step.Apply(root);
        }
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(root);
    }

    private static JsonNode? ParseJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span);
        }
        catch (JsonException exception)
        {
            throw new RefusedException($"The patch is not JSON: {exception.Message}");
        }
    }
}
