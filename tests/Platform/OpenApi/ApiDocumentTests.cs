using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.Azure.Functions.Worker;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace FinVault.Tests.Platform.OpenApi;

/// <summary>The document of the whole app: whatever a slice adds is held to the same rules.</summary>
public sealed class ApiDocumentTests
{
    private static readonly Assembly App = typeof(ApiDocument).Assembly;
    private static readonly JsonObject Document = ApiDocument.Of(App);

    private static readonly ILookup<string, MethodInfo> Methods =
        HttpOperation.In(App).ToLookup(operation => operation.Function, operation => operation.Method);

    public static TheoryData<string> HttpFunctions => [.. Methods.Select(function => function.Key)];

    [Fact]
    public void Document_ReadByMicrosoftsOwnReader_HasNoErrors()
    {
        ReadResult read = OpenApiDocument.Parse(Document.ToJsonString(), OpenApiConstants.Json);

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.NotEmpty(read.Document!.Paths);
    }

    [Fact]
    public void Document_HasEveryHttpFunctionOfTheApp()
    {
        // Counted apart from the generator: parameters that carry the trigger attribute.
        int triggers = App.GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .Sum(trigger => trigger is null ? 0 : trigger.Methods?.Length ?? 5);

        Assert.Equal(triggers, Operations().Count());
        Assert.Contains("getHealth", Operations().Select(operation => (string?)operation["operationId"]));
    }

    [Theory]
    [MemberData(nameof(HttpFunctions))]
    public void Function_SaysWhatItDoesAndAnswers_AndOnlyProblemsOfTheCatalogue(string function)
    {
        MethodInfo method = Methods[function].First();

        Assert.True(method.GetCustomAttribute<ApiAttribute>() is { Summary.Length: > 0 }, $"{function} has no [Api].");
        Assert.True(method.GetCustomAttributes<AnswersAttribute>().Any(), $"{function} has no [Answers].");
        Assert.All(ApiResponses.ProblemsOf(method), problem => Assert.Contains(problem, Problems.ByName.Values));
    }

    [Fact]
    public void OperationIds_AreUnique()
    {
        string[] ids = [.. Operations().Select(operation => (string)operation["operationId"]!)];

        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void References_AllResolve() => Assert.All(
        All(Document).OfType<JsonObject>().Select(node => (string?)node["$ref"]).OfType<string>(),
        reference =>
        {
            Assert.StartsWith("#/", reference, StringComparison.Ordinal);
            JsonNode? target = reference[2..].Split('/').Aggregate((JsonNode?)Document, (node, name) => node?[name]);
            Assert.True(target is not null, $"{reference} leads nowhere.");
        });

    [Fact]
    public void PathParameters_AreExactlyThoseOfThePath() => Assert.All(Document["paths"]!.AsObject(), path =>
    {
        foreach (JsonObject operation in path.Value!.AsObject().Select(one => one.Value!.AsObject()))
        {
            IEnumerable<string> declared = (operation["parameters"]?.AsArray() ?? [])
                .Where(parameter => (string?)parameter!["in"] == "path")
                .Select(parameter => "{" + (string)parameter!["name"]! + "}");
            Assert.Equal(path.Key.Split('/').Where(part => part.StartsWith('{')).Order(), declared.Order());
        }
    });

    [Fact]
    public void RoutePrefix_IsThatOfHostJson()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "host.json");
        using JsonDocument host = JsonDocument.Parse(File.ReadAllText(file));

        Assert.Equal(
            ApiDocument.RoutePrefix,
            host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }

    private static IEnumerable<JsonObject> Operations() => Document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject())
        .Select(operation => operation.Value!.AsObject());

    private static IEnumerable<JsonNode> All(JsonNode node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject named => named.Select(one => one.Value),
            JsonArray list => list,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(All).Prepend(node);
    }
}
