using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinVault.Platform.OpenApi;

/// <summary>The parameters of an operation: those of its route, those declared, and those of paging.</summary>
internal static class ApiParameters
{
    public static JsonArray Of(HttpOperation operation, ApiSchemas schemas)
    {
        List<ParameterAttribute> declared = [.. operation.Method.GetCustomAttributes<ParameterAttribute>()];
        if (operation.Method.GetCustomAttribute<PagedAttribute>() is { } paged)
        {
            declared.AddRange(Paging(paged));
        }

        // A route parameter that nobody described is still one.
        IReadOnlyList<string> inPath = operation.PathParameters;
        declared.InsertRange(0, inPath
            .Where(name => declared.TrueForAll(parameter => parameter.Name != name))
            .Select(name => new ParameterAttribute(name, typeof(string), name)));
        return new([.. declared.Select(parameter => Describe(parameter, inPath.Contains(parameter.Name), schemas))]);
    }

    private static IEnumerable<ParameterAttribute> Paging(PagedAttribute paged)
    {
        yield return new("limit", typeof(int), "Rows on this page.")
        {
            Default = paged.DefaultLimit, Minimum = 1, Maximum = paged.MaxLimit,
        };
        yield return new("cursor", typeof(string), "The nextCursor of the page before. Costs the same at any depth.");
        if (paged.Offset)
        {
            yield return new("offset", typeof(int), "Rows to skip; not together with cursor.")
            {
                Default = 0, Minimum = 0, Maximum = PageRequest.MaxOffset,
            };
        }
    }

    private static JsonObject Describe(ParameterAttribute parameter, bool inPath, ApiSchemas schemas)
    {
        JsonObject described = new()
        {
            ["name"] = parameter.Name,
            ["in"] = inPath ? "path" : "query",
            ["description"] = parameter.Description,
            ["required"] = inPath || parameter.Required,
            ["schema"] = Schema(parameter, schemas),
        };
        if (parameter.Type.IsArray)
        {
            described["style"] = inPath ? "simple" : "form";
            described["explode"] = false;
        }

        return described;
    }

    private static JsonNode Schema(ParameterAttribute parameter, ApiSchemas schemas)
    {
        JsonNode schema = schemas.Of(parameter.Type);
        if (schema is not JsonObject limits)
        {
            return schema;
        }

        Set(limits, "default", parameter.Default);
        Set(limits, "minimum", parameter.Minimum);
        Set(limits, "maximum", parameter.Maximum);
        Set(limits, "maxItems", parameter.MaxItems > 0 ? parameter.MaxItems : null);
        if (parameter.Values.Length > 0)
        {
            limits["enum"] = new JsonArray([.. parameter.Values.Select(value => JsonValue.Create(value))]);
        }

        return schema;
    }

    private static void Set(JsonObject schema, string name, object? value)
    {
        if (value is not null)
        {
            schema[name] = JsonSerializer.SerializeToNode(value, value.GetType(), Json.Options);
        }
    }
}
