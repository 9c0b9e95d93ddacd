using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinVault.Local.Cosmos;

/// <summary>
/// Which paths of a document are indexed, as a tree of property names: the most specific path decides, as in the
/// service. <c>/a/?</c> is the value at a, <c>/a/*</c> everything below it, <c>[]</c> any element of an array.
/// </summary>
internal sealed class IndexedPaths
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };
    private readonly Node root = new();
    private readonly bool none;

    private IndexedPaths(bool none) => this.none = none;

    public static IndexedPaths Parse(JsonNode? policy)
    {
        var parsed = new IndexedPaths((string?)policy?["indexingMode"] is "none" or "None");
        parsed.root.Below = policy?["includedPaths"] is not JsonArray { Count: > 0 };
        foreach ((string list, bool included) in new[] { ("includedPaths", true), ("excludedPaths", false) })
        {
            foreach (JsonNode? entry in policy?[list] as JsonArray ?? [])
            {
                parsed.Add((string?)entry?["path"] ?? "", included);
            }
        }
        return parsed;
    }

    /// <summary>Whether a value at this path (property names, without array steps) is indexed.</summary>
    public bool Includes(IEnumerable<string> path)
    {
        bool below = root.Below ?? false;
        Node? node = root;
        foreach (string name in path)
        {
            node = node?.Find(Encoding.UTF8.GetBytes(name));
            below = node?.Below ?? below;
        }
        return !none && (node?.Self ?? below);
    }

    /// <summary>Counts the scalars of a top-level property that are indexed; its name is as escaped in the text.</summary>
    public int CountIndexed(ReadOnlySpan<byte> property, ReadOnlySpan<byte> value)
    {
        Node? node = none ? null : root.Find(property);
        bool below = !none && (node?.Below ?? root.Below ?? false);
        if (!below && node is null)
        {
            return 0;
        }
        var reader = new Utf8JsonReader(value, Options);
        reader.Read();
        return Count(ref reader, node, below);
    }

    private static int Count(ref Utf8JsonReader reader, Node? node, bool below)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return (node?.Self ?? below) ? 1 : 0;
        }
        if (!below && node is not { HasChildren: true })
        {
            reader.Skip();
            return 0;
        }
        int count = 0;
        bool isArray = reader.TokenType == JsonTokenType.StartArray;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            Node? child = isArray ? node?.Find("[]"u8) : node?.Find(reader.ValueSpan);
            if (!isArray)
            {
                reader.Read();
            }
            count += Count(ref reader, child, child?.Below ?? below);
        }
        return count;
    }

    private void Add(string path, bool included)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts[^1] is not ("?" or "*"))
        {
            throw new RefusedException($"The indexing path '{path}' is invalid: it must end in '/?' or '/*'.");
        }
        Node node = root;
        foreach (string part in parts[..^1])
        {
            node = node.GetOrAdd(Encoding.UTF8.GetBytes(part.Trim('"')));
        }
        if (parts[^1] == "?")
        {
            node.Self = included;
        }
        else
        {
            node.Below = included;
        }
    }

    private sealed class Node
    {
        private readonly List<(byte[] Name, Node Child)> children = [];

        public bool? Self { get; set; }
        public bool? Below { get; set; }
        public bool HasChildren => children.Count > 0;

        public Node? Find(ReadOnlySpan<byte> name)
        {
            foreach ((byte[] known, Node child) in children)
            {
                if (name.SequenceEqual(known))
                {
                    return child;
                }
            }
            return null;
        }

        public Node GetOrAdd(byte[] name)
        {
            if (Find(name) is { } found)
            {
                return found;
            }
            var added = new Node();
            children.Add((name, added));
            return added;
        }
    }
}
