using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>A query as it is sent: <c>{"query": "SELECT …", "parameters": [{"name": "@a", "value": 1}]}</c>.</summary>
internal static class QueryRequest
{
    private const int LengthLimit = 512 * 1024;

    public static SqlQuery Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length > LengthLimit)
        {
            throw new RefusedException("The query is longer than 512 KB.");
        }
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(body);
            JsonElement root = parsed.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("query", out JsonElement text)
                || text.ValueKind != JsonValueKind.String)
            {
                throw new RefusedException("A query is sent as an object with the property 'query'.");
            }
            return SqlParser.Parse(text.GetString()!, Parameters(root));
        }
        catch (JsonException exception)
        {
            throw new RefusedException($"The query is not JSON: {exception.Message}");
        }
    }

    private static Dictionary<string, SqlValue> Parameters(JsonElement root)
    {
        var values = new Dictionary<string, SqlValue>();
        if (root.TryGetProperty("parameters", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement parameter in list.EnumerateArray())
            {
                string name = parameter.GetProperty("name").GetString() ?? "";
                values[name] = parameter.TryGetProperty("value", out JsonElement value)
                    ? SqlValue.Of(value).Detach()
                    : SqlValue.Undefined;
            }
        }
        return values;
    }
}
