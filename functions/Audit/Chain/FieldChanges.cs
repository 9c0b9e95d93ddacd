using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinVault.Audit;

/// <summary>One difference between two versions.</summary>
/// <param name="Op"><c>add</c>, <c>replace</c> or <c>remove</c>, as in RFC 6902.</param>
/// <param name="Path">JSON pointer (RFC 6901); empty is the whole document. Arrays change as a whole.</param>
/// <param name="Before">What was there; null where nothing was, or null.</param>
/// <param name="After">What is there; null where nothing is, or null.</param>
public sealed record FieldChange(string Op, string Path, JsonNode? Before, JsonNode? After)
{
    internal const string Add = "add";
    internal const string Replace = "replace";
    internal const string Remove = "remove";
}

/// <summary>The differences between two versions of a document, and the way from one to the other and back.</summary>
internal static class FieldChanges
{
    /// <summary>From <paramref name="before"/> to <paramref name="after"/>; a missing document is null.</summary>
    public static List<FieldChange> Between(JsonObject? before, JsonObject? after)
    {
        List<FieldChange> changes = [];
        switch (before, after)
        {
            case (null, null):
                break;
            case (null, _):
                changes.Add(new(FieldChange.Add, "", null, after!.DeepClone()));
                break;
            case (_, null):
                changes.Add(new(FieldChange.Remove, "", before.DeepClone(), null));
                break;
            default:
                Compare("", before, after, changes);
                break;
        }

        return changes;
    }

    /// <summary>What <paramref name="after"/> was before the changes that led to it.</summary>
    public static JsonObject? Undo(JsonObject? after, IReadOnlyList<FieldChange> changes) => Apply(
        after,
        changes.Reverse().Select(change => change with
        {
            Op = change.Op switch
            {
                FieldChange.Add => FieldChange.Remove,
                FieldChange.Remove => FieldChange.Add,
                _ => change.Op,
            },
            Before = change.After,
            After = change.Before,
        }));

    public static JsonObject? Apply(JsonObject? before, IEnumerable<FieldChange> changes)
    {
        JsonObject? document = (JsonObject?)before?.DeepClone();
        foreach (FieldChange change in changes)
        {
            if (change.Path.Length == 0)
            {
                document = (JsonObject?)change.After?.DeepClone();
                continue;
            }

            string[] path = [.. change.Path[1..].Split('/').Select(Unescape)];
            JsonObject parent = path[..^1].Aggregate(
                document ?? throw new InvalidOperationException($"There is nothing to change at {change.Path}."),
                (at, name) => (JsonObject)at[name]!);
            parent.Remove(path[^1]);
            if (change.Op != FieldChange.Remove)
            {
                parent[path[^1]] = change.After?.DeepClone();
            }
        }

        return document;
    }

    private static void Compare(string path, JsonObject before, JsonObject after, List<FieldChange> changes)
    {
        foreach ((string name, JsonNode? was) in before)
        {
            string at = $"{path}/{Escape(name)}";
            if (!after.TryGetPropertyValue(name, out JsonNode? becomes))
            {
                changes.Add(new(FieldChange.Remove, at, was?.DeepClone(), null));
            }
            else if (was is JsonObject from && becomes is JsonObject to)
            {
                Compare(at, from, to, changes);
            }
            else if (!JsonNode.DeepEquals(was, becomes))
            {
                changes.Add(new(FieldChange.Replace, at, was?.DeepClone(), becomes?.DeepClone()));
            }
        }

        foreach ((string name, JsonNode? added) in after.Where(field => !before.ContainsKey(field.Key)))
        {
            changes.Add(new(FieldChange.Add, $"{path}/{Escape(name)}", null, added?.DeepClone()));
        }
    }

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    internal static string Unescape(string name) =>
        name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
