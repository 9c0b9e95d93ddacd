using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Platform.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document of every HTTP function of an assembly, made from the functions' own attributes, so that it
/// cannot fall behind them.
/// </summary>
public static class ApiDocument
{
    /// <summary>As in host.json (<c>extensions.http.routePrefix</c>).</summary>
    public const string RoutePrefix = "api/v1";

    private const string KeyScheme = "functionKey";

    public static JsonObject Of(Assembly assembly)
    {
        ApiSchemas schemas = new();
        JsonObject paths = [];
        IReadOnlyList<HttpOperation> operations = HttpOperation.In(assembly);
        foreach (IGrouping<string, HttpOperation> path in operations.GroupBy(operation => operation.Path))
        {
            paths[path.Key] = new JsonObject(path.Select(
                operation => KeyValuePair.Create(operation.HttpMethod, (JsonNode?)Operation(operation, schemas))));
        }

        string[] slices = [.. operations.Select(operation => operation.Slice).Distinct().Order(StringComparer.Ordinal)];
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = Info(),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = $"/{RoutePrefix}" }),
            ["tags"] = new JsonArray([.. slices.Select(slice => new JsonObject { ["name"] = slice })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Components(ApiResponses.ProblemSchema, ApiResponses.Problem()),
                ["headers"] = ApiResponses.Headers(),
                ["securitySchemes"] = new JsonObject
                {
                    [KeyScheme] = new JsonObject
                    {
                        ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key",
                        ["description"] = "A function key in Azure; the local host asks for none.",
                    },
                },
            },
        };
    }

    private static JsonObject Info() => new()
    {
        ["title"] = "FinVault",
        ["version"] = AppVersion.Current,
        ["description"] = "Times are ISO-8601 UTC. Lists answer `{data, nextCursor?, pagination?}`; hand `nextCursor` "
            + "back as `cursor`. Errors are RFC 9457 problem details with a stable `code`. Every answer carries "
            + $"`{Correlation.Header}`.",
    };

    private static JsonObject Operation(HttpOperation operation, ApiSchemas schemas)
    {
        MethodInfo method = operation.Method;
        ApiAttribute? api = method.GetCustomAttribute<ApiAttribute>();
        JsonObject described = new()
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Slice),
            ["summary"] = api?.Summary ?? operation.Function,
        };
        if (api?.Description is { } description)
        {
            described["description"] = description;
        }

        if (operation.Trigger.AuthLevel != AuthorizationLevel.Anonymous)
        {
            described["security"] = new JsonArray(new JsonObject { [KeyScheme] = new JsonArray() });
        }

        if (ApiParameters.Of(operation, schemas) is { Count: > 0 } parameters)
        {
            described["parameters"] = parameters;
        }

        if (method.GetCustomAttribute<BodyAttribute>() is { } body && !HttpMethods.IsGet(operation.HttpMethod))
        {
            described["requestBody"] = Body(body, schemas);
        }

        described["responses"] = ApiResponses.Of(method, schemas);
        return described;
    }

    private static JsonObject Body(BodyAttribute body, ApiSchemas schemas)
    {
        string[] types = body.ContentTypes is { Length: > 0 } named ? named : ["application/json"];
        JsonObject described = new()
        {
            ["required"] = true,
            ["content"] = new JsonObject(types.Select(type => KeyValuePair.Create(
                type, (JsonNode?)new JsonObject { ["schema"] = schemas.Of(body.Type) }))),
        };
        if (body.Description is { } description)
        {
            described["description"] = description;
        }

        return described;
    }
}
