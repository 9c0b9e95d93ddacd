using System.Text;
using System.Text.Json.Nodes;

namespace FinVault.Local.Cosmos;

/// <summary>The paths that make up a container's partition key, each split into its property names.</summary>
internal sealed class PartitionKeyPaths
{
    private PartitionKeyPaths(string[][] paths)
    {
        Paths = paths;
        SimpleNames = paths is [[var name]] ? [Encoding.UTF8.GetBytes(name)] : [];
    }

    public string[][] Paths { get; }

    /// <summary>The property's name as UTF-8 if the key is one top-level property, else nothing.</summary>
    public byte[][] SimpleNames { get; }

    public static PartitionKeyPaths Parse(JsonNode? definition)
    {
        if (definition?["paths"] is not JsonArray { Count: > 0 and <= 3 } paths)
        {
            throw new RefusedException("A container needs a partitionKey with one to three paths.");
        }
        return new PartitionKeyPaths([.. paths.Select(path => Split((string?)path))]);
    }

    private static string[] Split(string? path)
    {
        if (path is not ['/', _, ..])
        {
            throw new RefusedException($"The partition key path '{path}' is invalid: it must begin with '/'.");
        }
        return [.. path[1..].Split('/').Select(part => part.Trim('"'))];
    }
}
