using System.Text.Json;

namespace FinVault.Local.Hosting;

/// <summary>JSON as the isolated worker reads it for parameters: property names in any case.</summary>
internal static class WorkerJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    /// <summary>A value of <paramref name="type"/> from what a protocol delivered: JSON, or already the right object.</summary>
    public static object? Convert(object? value, Type type) => value switch
    {
        null => null,
        JsonElement json => json.Deserialize(type, Options),
        _ when type.IsInstanceOfType(value) => value,
        _ => JsonSerializer.SerializeToElement(value, Options).Deserialize(type, Options),
    };
}
