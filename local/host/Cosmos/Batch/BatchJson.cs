using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>
/// The JSON form of a transactional batch, which the JavaScript SDK speaks:
/// <c>[{"operationType":"Create","resourceBody":{…}}, …]</c>, answered by an array of results.
/// </summary>
internal static class BatchJson
{
    /// <summary>Throws <see cref="RefusedException"/> if the body is no batch.</summary>
    public static List<BatchOperation> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(body);
            return [.. parsed.RootElement.EnumerateArray().Select(ReadOperation)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new RefusedException($"The batch cannot be read: {exception.Message}");
        }
    }

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<DocumentResult> results)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (DocumentResult result in results)
        {
            writer.WriteStartObject();
            writer.WriteNumber("statusCode", result.Status);
            writer.WriteNumber("requestCharge", result.Charge);
            if (result.Refusal is { } refusal)
            {
                writer.WriteNumber("subStatusCode", refusal.SubStatus);
                writer.WriteString("message", refusal.Message);
            }
            if (result.Stored.Version != 0)
            {
                writer.WriteString("eTag", result.Stored.ETag);
            }
            if (!result.Body.IsEmpty)
            {
                writer.WritePropertyName("resourceBody");
                writer.WriteRawValue(result.Body.Span);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static BatchOperation ReadOperation(JsonElement element)
    {
        string? Text(string name) =>
            element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        string type = Text("operationType") ?? "";
        CosmosOperation kind = type switch
        {
            "Create" => CosmosOperation.Create,
            "Upsert" => CosmosOperation.Upsert,
            "Read" => CosmosOperation.Read,
            "Replace" => CosmosOperation.Replace,
            "Patch" => CosmosOperation.Patch,
            "Delete" => CosmosOperation.Delete,
            _ => throw new RefusedException($"The batch operation type '{type}' is not supported."),
        };
        return new BatchOperation
        {
            Kind = kind,
            PartitionKey = Text("partitionKey"),
            Id = Text("id"),
            IfMatch = Text("ifMatch"),
            IfNoneMatch = Text("ifNoneMatch"),
            Body = element.TryGetProperty("resourceBody", out JsonElement body)
                ? JsonSerializer.SerializeToUtf8Bytes(body)
                : default(ReadOnlyMemory<byte>),
        };
    }
}
