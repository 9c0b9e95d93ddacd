using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace FinVault.Platform.OpenApi;

/// <summary>
/// The answers of an operation: what it declares, its problems by status, and any other problem as default.
/// </summary>
internal static class ApiResponses
{
    public const string ProblemSchema = "Problem";

    private const string CorrelationHeader = "CorrelationId";
    private const string TotalHeader = "TotalCount";

    public static JsonObject Of(MethodInfo method, ApiSchemas schemas)
    {
        SortedDictionary<string, JsonNode> responses = new(StringComparer.Ordinal);
        foreach (AnswersAttribute answer in method.GetCustomAttributes<AnswersAttribute>())
        {
            responses[Key(answer.Status)] = Answer(answer, schemas);
        }

        foreach (IGrouping<int, ProblemDefinition> status in ProblemsOf(method).GroupBy(problem => problem.Status))
        {
            // Where an answer has the status already (health's 503), that one is what comes.
            responses.TryAdd(Key(status.Key), Failure([.. status]));
        }

        responses["default"] = Failure([Problems.Internal, Problems.Unavailable]);
        return new(responses.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));
    }

    public static JsonObject Headers() => new()
    {
        [CorrelationHeader] = Header("Ties this answer to its logs and traces; echoes the request's if it sent one."),
        [TotalHeader] = Header("Rows in the whole list.", "integer"),
    };

    public static JsonNode Problem() => JsonNode.Parse(
        """
        {
          "description": "RFC 9457 problem details.",
          "type": "object",
          "required": ["type", "title", "status", "detail", "code", "correlationId"],
          "properties": {
            "type": { "type": "string", "format": "uri" },
            "title": { "type": "string" },
            "status": { "type": "integer", "format": "int32" },
            "detail": { "type": "string" },
            "instance": { "type": ["string", "null"] },
            "code": { "type": "string", "description": "Stable; test for this." },
            "correlationId": { "type": "string" }
          },
          "additionalProperties": true
        }
        """)!;

    /// <summary>The problems that a function declares, and those that come with its paging.</summary>
    internal static IReadOnlyList<ProblemDefinition> ProblemsOf(MethodInfo method)
    {
        List<string> names = [.. method.GetCustomAttribute<FailsAttribute>()?.Problems ?? []];
        if (method.GetCustomAttribute<PagedAttribute>() is { } paged)
        {
            names.AddRange([nameof(Problems.InvalidLimit), nameof(Problems.InvalidCursor)]);
            names.AddRange(paged.Offset ? [nameof(Problems.InvalidOffset)] : []);
        }

        return [.. names.Distinct().Select(Find)];

        ProblemDefinition Find(string name) => Problems.ByName.TryGetValue(name, out ProblemDefinition? problem)
            ? problem
            : throw new InvalidOperationException(
                $"{method.Name} declares the problem {name}, which is not in Problems.");
    }

    private static JsonObject Answer(AnswersAttribute answer, ApiSchemas schemas)
    {
        JsonObject headers = new() { [Correlation.Header] = HeaderReference(CorrelationHeader) };
        JsonObject described = new() { ["description"] = answer.Description, ["headers"] = headers };
        if (answer.Type is { } type)
        {
            described["content"] = Content("application/json", schemas.Of(type));
            if (typeof(IPage).IsAssignableFrom(type))
            {
                headers[JsonAnswer.TotalCountHeader] = HeaderReference(TotalHeader);
            }
        }

        return described;
    }

    private static JsonObject Failure(IReadOnlyList<ProblemDefinition> problems) => new()
    {
        ["description"] = string.Join("; ", problems.Select(problem => $"`{problem.Code}`: {problem.Title}")),
        ["headers"] = new JsonObject { [Correlation.Header] = HeaderReference(CorrelationHeader) },
        ["content"] = Content(
            ProblemAnswer.ContentType, new JsonObject { ["$ref"] = $"#/components/schemas/{ProblemSchema}" }),
        ["x-problem-codes"] = new JsonArray([.. problems.Select(problem => JsonValue.Create(problem.Code))]),
    };

    private static JsonObject Content(string type, JsonNode schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Header(string description, string type = "string") =>
        new() { ["description"] = description, ["schema"] = new JsonObject { ["type"] = type } };

    private static JsonObject HeaderReference(string name) => new() { ["$ref"] = $"#/components/headers/{name}" };

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
