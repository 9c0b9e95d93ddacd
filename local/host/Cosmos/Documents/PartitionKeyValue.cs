using System.Globalization;
using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>
/// A partition key's value as one string that equal values share: a letter for each component's type, then the value.
/// </summary>
internal static class PartitionKeyValue
{
    /// <summary>Components of a hierarchical key; cannot occur in a component unescaped by JSON.</summary>
    private const char Separator = '\u0001';

    /// <summary>From the request header, e.g. <c>["NIFTY"]</c>; <c>[{}]</c> stands for "none".</summary>
    public static string FromHeader(string header, PartitionKeyPaths paths)
    {
        if (paths.Paths.Length == 1 && PlainString(header) is { } plain)
        {
            return plain;
        }
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(header);
            if (parsed.RootElement.ValueKind == JsonValueKind.Array && parsed.RootElement.GetArrayLength() is var count
                && count <= paths.Paths.Length && count > 0)
            {
                return string.Join(Separator, parsed.RootElement.EnumerateArray().Select(Component));
            }
        }
        catch (JsonException)
        {
            // Answered below, as any other header that does not fit.
        }
        throw new RefusedException($"Partition key {header} is invalid.");
    }

    public static string Component(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "s" + value.GetString(),
        JsonValueKind.Number => "n" + value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.True => "t",
        JsonValueKind.False => "f",
        JsonValueKind.Null => "z",
        JsonValueKind.Object when !value.EnumerateObject().Any() => "u",
        _ => throw new RefusedException("A partition key value must be a string, a number, a boolean or null."),
    };

    /// <summary>From a whole document: for keys that are nested or have several parts, or where no header came.</summary>
    public static string OfDocument(ReadOnlyMemory<byte> json, PartitionKeyPaths paths)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return string.Join(Separator, paths.Paths.Select(path => Component(document.RootElement, path)));
    }

    private static string Component(JsonElement value, string[] path)
    {
        foreach (string name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return "u";
            }
        }
        return Component(value);
    }

    /// <summary>The usual header, one string without escapes, costs one allocation.</summary>
    private static string? PlainString(string header) =>
        header is ['[', '"', .., '"', ']'] && header.AsSpan(2, header.Length - 4).IndexOfAny('"', '\\') < 0
            ? string.Concat("s", header.AsSpan(2, header.Length - 4))
            : null;
}
