using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FinVault.Platform.OpenApi;

/// <summary>
/// JSON schemas (2020-12, as OpenAPI 3.1 has them) of the types that the API speaks, from the serializer's own
/// contract. Records and enums become components under their name; whatever refers to them gets a <c>$ref</c>.
/// </summary>
internal sealed class ApiSchemas
{
    private readonly JsonSchemaExporterOptions _exporter;
    private readonly SortedDictionary<string, JsonNode> _components = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type> _names = [];
    private readonly Queue<Type> _unfinished = new();

    public ApiSchemas() =>
        _exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    /// <summary>The schema to put where <paramref name="type"/> is meant.</summary>
    public JsonNode Of(Type type)
    {
        JsonNode schema = IsComponent(type) ? Reference(type) : Export(type);
        while (_unfinished.TryDequeue(out Type? next))
        {
            _components[NameOf(next)] = Export(next);
        }

        return schema;
    }

    /// <summary>The components gathered so far, with one that is not made from a type.</summary>
    public JsonObject Components(string extraName, JsonNode extra)
    {
        _components.Add(extraName, extra);
        return new(_components.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));
    }

    internal static string NameOf(Type type)
    {
        string name = type.Name.Split('`')[0];
        return type.IsGenericType ? string.Concat(type.GetGenericArguments().Select(NameOf)) + name : name;
    }

    private JsonNode Export(Type type) =>
        HasOwnConverter(type) ? OfConstructor(type) : Json.Options.GetJsonSchemaAsNode(type, _exporter);

    // A record that is written by a converter of its own, for speed, still has the shape of its constructor.
    private JsonObject OfConstructor(Type type)
    {
        NullabilityInfoContext nullability = new();
        JsonObject properties = [];
        foreach (ParameterInfo parameter in type.GetConstructors()[0].GetParameters())
        {
            JsonNode schema = Of(parameter.ParameterType);
            bool isNullableReference = !parameter.ParameterType.IsValueType
                && nullability.Create(parameter).ReadState == NullabilityState.Nullable;
            properties[JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)] = isNullableReference
                ? new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) }
                : schema;
        }

        return new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. properties.Select(one => JsonValue.Create(one.Key))]),
        };
    }

    private JsonObject Reference(Type type)
    {
        string name = NameOf(type);
        if (!_names.TryAdd(name, type))
        {
            return _names[name] == type
                ? Ref(name)
                : throw new InvalidOperationException($"{type} and {_names[name]} would both be the schema {name}.");
        }

        _unfinished.Enqueue(type);
        return Ref(name);
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        bool nullable = IsNullable(context, node);
        JsonNode schema = node;
        if (IsComponent(type) && context.Path.Length > 0)
        {
            schema = nullable
                ? new JsonObject { ["anyOf"] = new JsonArray(Reference(type), new JsonObject { ["type"] = "null" }) }
                : Reference(type);
        }
        else if (Simple(type, nullable) is { } simple)
        {
            schema = simple;
        }
        else if (node.GetValueKind() == JsonValueKind.True)
        {
            // Any JSON. The exporter writes it as "true", which readers of OpenAPI documents stumble over.
            schema = new JsonObject();
        }
        else if (type.IsEnum && node is JsonObject values)
        {
            values["type"] = "string";
        }

        return Describe(context, schema);
    }

    // What the exporter cannot know: our converter's instants, and the widths that typed clients ask for.
    private static JsonObject? Simple(Type type, bool nullable)
    {
        (string Type, string Format)? simple = Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => null,
            _ when type == typeof(DateTimeOffset) => ("string", "date-time"),
            _ when type == typeof(DateOnly) => ("string", "date"),
            TypeCode.Int32 => ("integer", "int32"),
            TypeCode.Int64 => ("integer", "int64"),
            TypeCode.Decimal => ("number", "decimal"),
            TypeCode.Double => ("number", "double"),
            _ => null,
        };
        return simple is null ? null : new()
        {
            ["type"] = nullable ? new JsonArray(simple.Value.Type, "null") : simple.Value.Type,
            ["format"] = simple.Value.Format,
        };
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        ICustomAttributeProvider? source = context.PropertyInfo?.AttributeProvider;
        object? found = source?.GetCustomAttributes(typeof(DescriptionAttribute), true).FirstOrDefault();
        if (found is DescriptionAttribute { Description: { } text } && schema is JsonObject described)
        {
            described["description"] = text;
        }

        return schema;
    }

    private static bool IsNullable(JsonSchemaExporterContext context, JsonNode node) =>
        Nullable.GetUnderlyingType(context.TypeInfo.Type) is not null
        || (node is JsonObject schema && schema["type"] is JsonArray types
            && types.Any(one => one!.GetValue<string>() == "null"));

    private static bool IsComponent(Type type) =>
        type.IsEnum || Json.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object || HasOwnConverter(type);

    private static bool HasOwnConverter(Type type) =>
        type.IsClass && type.GetCustomAttribute<JsonConverterAttribute>() is not null;

    private static JsonObject Ref(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };
}
