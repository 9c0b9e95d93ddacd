using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinVault.Local.Cosmos;

/// <summary>One operation of a patch. Paths are JSON pointers (RFC 6901), "-" past an array's end.</summary>
/// <param name="Op">add, set, replace, remove, incr or move.</param>
/// <param name="Path">The value to change, split into names and indexes.</param>
/// <param name="From">For move: where the value is taken from.</param>
/// <param name="Value">The new value, or the increment.</param>
internal sealed record PatchStep(string Op, string[] Path, string[]? From, JsonNode? Value)
{
    public static PatchStep Parse(JsonNode? step, PartitionKeyPaths partitionKey)
    {
        string op = (string?)(step as JsonObject)?["op"] ?? "";
        var parsed = new PatchStep(
            op, Split((string?)step?["path"], partitionKey),
            op == "move" ? Split((string?)step?["from"], partitionKey) : null, step?["value"]);
        bool known = op is "add" or "set" or "replace" or "remove" or "incr" or "increment" or "move";
        return known ? parsed : throw new RefusedException($"The patch operation '{op}' is not supported.");
    }

    public void Apply(JsonObject root)
    {
        switch (Op)
        {
            case "move":
                JsonNode? moved = Take(root, From!);
                Put(root, Path, moved, replaceOnly: false, insert: true);
                break;
            case "remove":
                Take(root, Path);
                break;
            case "incr" or "increment":
                Increment(root);
                break;
            default:
                Put(root, Path, Value?.DeepClone(), replaceOnly: Op == "replace", insert: Op == "add");
                break;
        }
    }

    private void Increment(JsonObject root)
    {
        JsonNode parent = Parent(root, Path);
        JsonNode? current = Find(parent, Path[^1]);
        JsonNode sum = (current, Value) switch
        {
            (null, JsonValue by) when by.GetValueKind() == JsonValueKind.Number => by.DeepClone(),
            (JsonValue at, JsonValue by) when at.GetValueKind() == JsonValueKind.Number
                && by.GetValueKind() == JsonValueKind.Number => Add(at, by),
            _ => throw new RefusedException($"The value at '/{string.Join('/', Path)}' or the increment is no number."),
        };
        Put(root, Path, sum, replaceOnly: false, insert: false);
    }

    private static JsonValue Add(JsonValue a, JsonValue b) =>
        a.TryGetValue(out long x) && b.TryGetValue(out long y) && !Overflows(x, y)
            ? JsonValue.Create(x + y)
            : JsonValue.Create(Number(a) + Number(b));

    private static double Number(JsonValue value) =>
        value.TryGetValue(out double number) ? number : value.GetValue<long>();

    private static bool Overflows(long a, long b) => ((a ^ (a + b)) & (b ^ (a + b))) < 0;

    private static JsonNode? Take(JsonObject root, string[] path)
    {
        JsonNode parent = Parent(root, path);
        switch (parent)
        {
            case JsonObject owner when owner.TryGetPropertyValue(path[^1], out JsonNode? value):
                owner.Remove(path[^1]);
                return value;
            case JsonArray list when Index(path[^1], list.Count - 1) is { } index:
                JsonNode? element = list[index];
                list.RemoveAt(index);
                return element;
            default:
                throw Missing(path);
        }
    }

    private static void Put(JsonObject root, string[] path, JsonNode? value, bool replaceOnly, bool insert)
    {
        JsonNode parent = Parent(root, path);
        switch (parent)
        {
            case JsonObject owner when !replaceOnly || owner.ContainsKey(path[^1]):
                owner[path[^1]] = value;
                break;
            case JsonArray list when path[^1] == "-" && !replaceOnly:
                list.Add(value);
                break;
            case JsonArray list when insert && Index(path[^1], list.Count) is { } index:
                list.Insert(index, value);
                break;
            case JsonArray list when !insert && Index(path[^1], list.Count - 1) is { } index:
                list[index] = value;
                break;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode Parent(JsonObject root, string[] path)
    {
        JsonNode? node = root;
        foreach (string part in path.AsSpan(0, path.Length - 1))
        {
            node = Find(node, part);
        }
        return node ?? throw Missing(path);
    }

    private static JsonNode? Find(JsonNode? node, string part) => node switch
    {
        JsonObject owner => owner[part],
        JsonArray list when Index(part, list.Count - 1) is { } index => list[index],
        _ => null,
    };

    private static int? Index(string part, int last) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index <= last
            ? index
            : null;

    private static string[] Split(string? path, PartitionKeyPaths partitionKey)
    {
        if (path is not ['/', _, ..])
        {
            throw new RefusedException($"The patch path '{path}' is invalid: it must begin with '/'.");
        }
        string[] parts =
        [
            .. path[1..].Split('/').Select(part =>
                part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)),
        ];
        bool fixedProperty = parts[0] is "id" or "_rid" or "_self" or "_etag" or "_ts" or "_attachments"
            || partitionKey.Paths.Any(key => key.Take(parts.Length).SequenceEqual(parts.Take(key.Length)));
        return fixedProperty
            ? throw new RefusedException($"The path '{path}' cannot be patched: id, partition key and system "
                + "properties never change.")
            : parts;
    }

    private static RefusedException Missing(string[] path) =>
        new($"The patch path '/{string.Join('/', path)}' does not exist in the document.");
}
