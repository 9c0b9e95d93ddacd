using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.DurableTask.Client;

namespace FinVault.Local.Durable;

/// <summary>An instance as the extension's HTTP API tells it.</summary>
sealed record StatusPayload(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("instanceId")] string InstanceId,
    [property: JsonPropertyName("runtimeStatus")] string RuntimeStatus,
    [property: JsonPropertyName("input")] JsonNode? Input,
    [property: JsonPropertyName("customStatus")] JsonNode? CustomStatus,
    [property: JsonPropertyName("output")] JsonNode? Output,
    [property: JsonPropertyName("createdTime")] string CreatedTime,
    [property: JsonPropertyName("lastUpdatedTime")] string LastUpdatedTime,
    [property: JsonPropertyName("historyEvents"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<HistoryStep>? HistoryEvents)
{
    public static StatusPayload Of(
        OrchestrationMetadata instance, bool withInput, IReadOnlyList<HistoryStep>? history = null) => new(
        instance.Name,
        instance.InstanceId,
        instance.RuntimeStatus.ToString(),
        withInput ? Json(instance.SerializedInput) : null,
        Json(instance.SerializedCustomStatus),
        Json(instance.SerializedOutput) ?? instance.FailureDetails?.ToString(),
        Time(instance.CreatedAt.UtcDateTime),
        Time(instance.LastUpdatedAt.UtcDateTime),
        history);

    public static string Time(DateTime time) => time.ToString("s", CultureInfo.InvariantCulture) + "Z";

    public static JsonNode? Json(string? text) => text is null ? null : JsonNode.Parse(text);
}
