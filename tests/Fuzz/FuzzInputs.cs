using System.Text;
using System.Text.Json.Nodes;

namespace FinVault.Tests.Fuzz;

/// <summary>One request made from the API's document: a path with its query, and a body.</summary>
/// <param name="What">What is odd about it.</param>
internal sealed record FuzzCase(string What, string PathAndQuery, string? Body, string ContentType = "application/json");

/// <summary>
/// Odd requests to one operation of the OpenAPI document: a plausible one, and then one thing wrong at a time.
/// </summary>
internal sealed class FuzzInputs(JsonObject document, string path, JsonObject operation)
{
    private const int HugeLength = 100_000;
    private const int DeepLevels = 2_000;

    private static readonly string[] OddTexts =
    [
        "", " ", "nope", "-1", "0", "9223372036854775808", "1e308", "NaN", "null", "true", "..", "a/b", "a\u0000b", "ünï😀\u202e",
        "' OR 1=1 --", "{}", new string('x', 3_000), "EVENT_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "2026-02-30", "99999-01-01T00:00:00Z",
    ];

    private static readonly string[] OddBodies =
    [
        "", "null", "[]", "{}", "\"x\"", "1", "{", "{\"a\":}", "\u0000", "{\"a\":1,\"a\":2}", "\ufeff{}",
    ];

    public IEnumerable<FuzzCase> Cases()
    {
        JsonNode? body = BodySchema() is { } schema ? Sample(schema, 0) : null;
        string text = body?.ToJsonString() ?? "";
        yield return new("plausible", Url(), body is null ? null : text);
        foreach (FuzzCase odd in OddParameters(body is null ? null : text).Concat(OddHeaders(text)))
        {
            yield return odd;
        }

        if (body is null)
        {
            yield break;
        }

        foreach (string odd in OddBodies)
        {
            yield return new($"body {odd}", Url(), odd);
        }

        yield return new("deep body", Url(), new string('[', DeepLevels) + new string(']', DeepLevels));
        yield return new("huge body", Url(), new StringBuilder("{\"a\":\"").Append('x', 6 * 1024 * 1024).Append("\"}").ToString());
        yield return new("text body", Url(), text, "text/plain");
        foreach (FuzzCase odd in OddMembers(body))
        {
            yield return odd;
        }
    }

    private IEnumerable<FuzzCase> OddHeaders(string body)
    {
        yield return new("unknown query", Url() + "?unknown=1&unknown=2&__proto__=x", body.Length == 0 ? null : body);
        yield return new("broken query", Url() + "?%zz=%&=&&a", body.Length == 0 ? null : body);
    }

    private IEnumerable<FuzzCase> OddParameters(string? body)
    {
        foreach (JsonObject parameter in Parameters())
        {
            string name = (string)parameter["name"]!;
            foreach (string odd in OddTexts.Where(odd => (string)parameter["in"]! == "query" || odd.Trim().Length > 0))
            {
                string url = (string)parameter["in"]! == "path"
                    ? Url(name, odd)
                    : $"{Url()}?{name}={Uri.EscapeDataString(odd)}";
                yield return new($"{name}={odd[..Math.Min(odd.Length, 40)]}", url, body);
            }
        }
    }

    private IEnumerable<FuzzCase> OddMembers(JsonNode body)
    {
        foreach (string[] member in Members(body, []))
        {
            string name = string.Join('.', member);
            foreach ((string what, JsonNode? value) in OddValues())
            {
                yield return new($"{name} is {what}", Url(), Changed(body, member, parent => Put(parent, member[^1], value)));
            }

            yield return new($"{name} is missing", Url(), Changed(body, member, parent => Drop(parent, member[^1])));
        }

        if (body is JsonObject)
        {
            yield return new("extra member", Url(), Changed(body, ["extra"], parent => Put(parent, "extra", 1)));
        }
    }

    private static IEnumerable<(string What, JsonNode? Value)> OddValues()
    {
        yield return ("null", null);
        yield return ("text", "ünï😀\u0000\u202e");
        yield return ("empty", "");
        yield return ("huge text", new string('x', HugeLength));
        yield return ("number", 42);
        yield return ("negative", -1);
        yield return ("fraction", 0.5);
        yield return ("huge number", JsonNode.Parse("1e308"));
        yield return ("long", long.MaxValue);
        yield return ("true", true);
        yield return ("list", new JsonArray(1, "a", null));
        yield return ("long list", new JsonArray([.. Enumerable.Range(0, 2_000).Select(i => JsonValue.Create(i))]));
        yield return ("object", new JsonObject { ["a"] = 1 });
        yield return ("date", "9999-12-31T23:59:59.9999999Z");
        yield return ("id", "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    }

    // Every member down to the third level, and the first element of a list.
    private static IEnumerable<string[]> Members(JsonNode node, string[] at)
    {
        IEnumerable<(string Name, JsonNode? Value)> children = node switch
        {
            JsonObject value => value.Select(pair => (pair.Key, pair.Value)),
            JsonArray { Count: > 0 } list => [("0", list[0])],
            _ => [],
        };
        foreach ((string name, JsonNode? value) in children.Where(_ => at.Length < 4))
        {
            string[] member = [.. at, name];
            yield return member;
            foreach (string[] inner in value is null ? [] : Members(value, member))
            {
                yield return inner;
            }
        }
    }

    private static string Changed(JsonNode body, string[] member, Action<JsonNode> change)
    {
        JsonNode copy = body.DeepClone();
        JsonNode parent = copy;
        foreach (string name in member[..^1])
        {
            parent = parent is JsonArray list ? list[0]! : parent[name]!;
        }

        change(parent);
        return copy.ToJsonString();
    }

    private static void Put(JsonNode parent, string name, JsonNode? value)
    {
        if (parent is JsonArray list)
        {
            list[0] = value?.DeepClone();
        }
        else
        {
            parent[name] = value?.DeepClone();
        }
    }

    private static void Drop(JsonNode parent, string name)
    {
        if (parent is JsonArray list)
        {
            list.RemoveAt(0);
        }
        else
        {
            ((JsonObject)parent).Remove(name);
        }
    }

    private IEnumerable<JsonObject> Parameters() =>
        operation["parameters"]?.AsArray().Select(parameter => parameter!.AsObject()) ?? [];

    private string Url(string? oddName = null, string? odd = null)
    {
        string url = path;
        foreach (JsonObject parameter in Parameters().Where(parameter => (string)parameter["in"]! == "path"))
        {
            string name = (string)parameter["name"]!;
            string value = name == oddName ? odd! : "EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV";
            url = url.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }

        return $"api/v1{url}";
    }

    private JsonNode? BodySchema() => operation["requestBody"]?["content"]?["application/json"]?["schema"];

    private JsonNode? Sample(JsonNode schema, int depth)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            string name = reference[(reference.LastIndexOf('/') + 1)..];
            return depth > 6 ? null : Sample(document["components"]!["schemas"]![name]!, depth + 1);
        }

        if ((schema["anyOf"] ?? schema["oneOf"])?.AsArray().FirstOrDefault() is { } first)
        {
            return Sample(first, depth + 1);
        }

        if (schema["enum"]?.AsArray().FirstOrDefault() is { } constant)
        {
            return constant.DeepClone();
        }

        string? type = schema["type"] is JsonArray types ? (string?)types[0] : (string?)schema["type"];
        return type switch
        {
            "object" => new JsonObject(Properties(schema).Select(
                property => KeyValuePair.Create(property.Key, Sample(property.Value!, depth + 1)))),
            "array" => schema["items"] is { } items ? new JsonArray(Sample(items, depth + 1)) : [],
            "string" => (string?)schema["format"] switch
            {
                "date-time" => "2026-11-21T10:00:00Z",
                "date" => "2026-11-21",
                "uri" => "https://example.com/x",
                _ => "INR",
            },
            "integer" or "number" => 1,
            "boolean" => true,
            _ => null,
        };
    }

    private static JsonObject Properties(JsonNode schema) => schema["properties"]?.AsObject() ?? [];
}
