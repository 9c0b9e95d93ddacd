using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinVault.Audit;

/// <summary>A kind of documents whose changes are kept.</summary>
/// <param name="Declared">What the type says.</param>
/// <param name="Shape">Which fields are secret or left out.</param>
internal sealed record AuditedKind(AuditedAttribute Declared, DocumentShape Shape)
{
    public string Name => Declared.Kind;

    /// <summary>Whose data a document is; null for nobody's.</summary>
    public string? SubjectOf(JsonElement document) => Text(document, Declared.Subject);

    /// <summary>The tenant that may see its trail. A merchant and its tenant have the same ULID.</summary>
    public string? TenantOf(JsonElement document) =>
        Text(document, Declared.Tenant) is { } owner && owner.IndexOf('_') is var at and > 0 ? $"TENANT{owner[at..]}" : null;

    /// <summary>What a document is after a change that was told of; null when it is deleted.</summary>
    public JsonObject? After(JsonObject? before, StoredChange change, Func<string, string> hide)
    {
        if (change.Document is { } document)
        {
            return Shape.Clean(document, hide);
        }

        JsonObject? after = change.Sets is null ? null : (JsonObject)before!.DeepClone();
        foreach (StoredSet set in change.Sets ?? [])
        {
            Shape.Set(after!, set, hide);
        }

        return after;
    }

    private static string? Text(JsonElement document, string? field) =>
        field is not null && document.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <summary>Every audited kind, as the types declare them.</summary>
internal static class AuditedKinds
{
    private static readonly FrozenDictionary<string, AuditedKind> All = typeof(AuditedKinds).Assembly.GetTypes()
        .Select(type => (type, declared: type.GetCustomAttribute<AuditedAttribute>()))
        .Where(pair => pair.declared is not null)
        .ToFrozenDictionary(
            pair => pair.declared!.Kind, pair => new AuditedKind(pair.declared!, DocumentShape.Of(pair.type)));

    public static AuditedKind? Find(string container, JsonElement document) =>
        document.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String
            && All.GetValueOrDefault(type.GetString()!) is { } kind && kind.Declared.Container == container
            ? kind
            : null;

    public static AuditedKind? Find(string kind) => All.GetValueOrDefault(kind);
}

/// <summary>Which fields of a document are secret, and which are left out, as its type declares them.</summary>
internal sealed class DocumentShape
{
    private const int MaxDepth = 8;

    // What the store adds, and who made the change, which the record says by itself.
    private static readonly FrozenSet<string> Technical = FrozenSet.Create(
        "id", "type", "ttl", "_etag", "_rid", "_self", "_ts", "_attachments", "_lsn", ChangeStamp.Field);

    private static readonly DocumentShape Plain = new();

    private readonly Dictionary<string, DocumentShape> _fields = new(StringComparer.Ordinal);
    private DocumentShape? _items;
    private bool _secret;
    private bool _leftOut;

    public static DocumentShape Of(Type type) => Of(type, 0);

    /// <summary>The document without technical fields, with each secret replaced by what <paramref name="hide"/> makes of it.</summary>
    public JsonObject Clean(JsonElement document, Func<string, string> hide)
    {
        JsonObject clean = (JsonObject)CleanAny(document, hide)!;
        foreach (string name in Technical)
        {
            clean.Remove(name);
        }

        return clean;
    }

    /// <summary>Sets a field of a clean document, as far as it is shown.</summary>
    public void Set(JsonObject clean, StoredSet set, Func<string, string> hide)
    {
        string[] path = [.. set.Path[1..].Split('/').Select(FieldChanges.Unescape)];
        DocumentShape shape = this;
        JsonObject at = clean;
        for (int i = 0; i < path.Length; i++)
        {
            shape = shape._fields.GetValueOrDefault(path[i]) ?? shape._items ?? Plain;
            if (shape._leftOut || (i == 0 && Technical.Contains(path[i])))
            {
                return;
            }

            if (i < path.Length - 1)
            {
                at = at[path[i]] as JsonObject
                    ?? throw new InvalidOperationException($"{set.Path} is set where nothing is known.");
            }
        }

        at[path[^1]] = set.Value is { } value ? shape.CleanAny(value, hide) : null;
    }

    private JsonNode? CleanAny(JsonElement value, Func<string, string> hide) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        _ when _secret => JsonValue.Create(hide(value.GetRawText())),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject()
            .Select(field => (field, shape: _fields.GetValueOrDefault(field.Name) ?? _items ?? Plain))
            .Where(pair => !pair.shape._leftOut)
            .Select(pair => KeyValuePair.Create(pair.field.Name, pair.shape.CleanAny(pair.field.Value, hide)))),
        JsonValueKind.Array => new JsonArray(
            [.. value.EnumerateArray().Select(item => (_items ?? Plain).CleanAny(item, hide))]),
        _ => JsonNode.Parse(value.GetRawText()),
    };

    private static DocumentShape Of(Type type, int depth)
    {
        DocumentShape shape = new();
        if (depth > MaxDepth || type.IsPrimitive || type == typeof(string))
        {
            return shape;
        }

        Type? items = type.GetInterfaces().Append(type)
            .Where(one => one.IsGenericType && one.GetGenericTypeDefinition() is var open
                && (open == typeof(IEnumerable<>) || open == typeof(IReadOnlyDictionary<,>)))
            .OrderByDescending(one => one.GetGenericArguments().Length)
            .Select(one => one.GetGenericArguments()[^1]).FirstOrDefault();
        if (items is not null)
        {
            shape._items = Of(items, depth + 1);
        }
        else if (type.Assembly == typeof(DocumentShape).Assembly)
        {
            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                shape._fields[NameOf(property)] = Of(property, depth);
            }
        }

        return shape;
    }

    private static DocumentShape Of(PropertyInfo property, int depth)
    {
        DocumentShape field = Of(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, depth + 1);
        field._secret = property.IsDefined(typeof(SensitiveAttribute));
        field._leftOut = property.IsDefined(typeof(NotAuditedAttribute));
        return field;
    }

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<System.Text.Json.Serialization.JsonPropertyNameAttribute>()?.Name
        ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
