using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>An alert that asks for what nobody emits never fires, and says nothing of it.</summary>
public sealed partial class AlertTests
{
    private sealed record Alert(
        string Name, string Title, string Meaning, string Runbook, int Severity, string Every, string Window, string Query);

    private static readonly string Code = string.Join('\n', Directory
        .EnumerateFiles(Repository.PathTo("functions"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !Repository.Relative(file).Contains("/obj/", StringComparison.Ordinal))
        .Select(File.ReadAllText));

    private static Alert[] Alerts => JsonSerializer.Deserialize<Alert[]>(
        File.ReadAllText(Repository.PathTo("infra", "alerts.json")), JsonSerializerOptions.Web)!;

    private static string[] Queries => [.. Alerts.Select(alert => alert.Query), .. WorkbookQueries()];

    [Fact]
    public void Metrics_ThatAreAskedForAreEmittedWithTheirTags()
    {
        HashSet<string> emitted = [.. Instrument().Matches(Code).Select(made => made.Groups["name"].Value)];
        string[] asked = [.. Queries.SelectMany(query => Metric().Matches(query)).Select(use => use.Groups["name"].Value)];

        Assert.Contains("finvault.market.ticks", emitted);
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(emitted));
        Assert.All(
            Queries.SelectMany(query => Tag().Matches(query)).Select(use => use.Groups["name"].Value).Distinct(),
            tag => Assert.Contains($"\"{tag}\"", Code, StringComparison.Ordinal));
        Assert.All(
            Queries.SelectMany(query => TagValue().Matches(query)).SelectMany(use => Quoted().Matches(use.Value)),
            value => Assert.Matches($@"(""{value.Groups["text"].Value}""|\b{value.Groups["text"].Value},)", Code));
    }

    [Fact]
    public void Lines_ThatAreAskedForAreLogged()
    {
        string[] logged = [.. Template().Matches(Code).Select(line => Joined().Replace(line.Groups["text"].Value, ""))];
        (string Verb, string Text)[] asked = [.. Queries.SelectMany(query => Line().Matches(query))
            .Select(use => (use.Groups["verb"].Value, use.Groups["text"].Value))];

        Assert.NotEmpty(asked);
        Assert.All(asked, line => Assert.Contains(logged, template => line.Verb switch
        {
            "startswith" => template.StartsWith(line.Text, StringComparison.Ordinal),
            "endswith" => template.EndsWith(line.Text, StringComparison.Ordinal),
            _ => template.Contains(line.Text, StringComparison.Ordinal),
        }));
    }

    // Exporters of Azure Monitor drop what is logged in a trace that they do not keep, and keep five a second unless told.
    [Fact]
    public void Lines_OfEveryTraceAreKept()
    {
        string settings = File.ReadAllText(Repository.PathTo("infra", "app", "api.bicep"));

        Assert.Contains("OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'", settings, StringComparison.Ordinal);
        Assert.Contains("OTEL_TRACES_SAMPLER_ARG: '1.0'", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryAlert_HasARunbookAndEveryRunbookAnAlert()
    {
        Assert.All(Alerts, alert =>
        {
            string file = Repository.PathTo(alert.Runbook.Split('/'));
            Assert.True(File.Exists(file), alert.Runbook);
            string text = File.ReadAllText(file);
            Assert.StartsWith($"# {alert.Title}\n", text, StringComparison.Ordinal);
            Assert.All(["## What it means", "## Look", "## Act"], part => Assert.Contains($"\n{part}\n", text, StringComparison.Ordinal));
        });
        string index = File.ReadAllText(Repository.PathTo("docs", "operating", "README.md"));
        Assert.All(
            Directory.GetFiles(Repository.PathTo("docs", "operating"), "*.md").Select(Path.GetFileName).Where(name => name != "README.md"),
            name => Assert.Contains($"({name})", index, StringComparison.Ordinal));
        Assert.Equal(Alerts.Length, Alerts.Select(alert => alert.Name).Distinct().Count());
    }

    /// <summary>The routes that a runbook tells an operator to call are ones that there are.</summary>
    [Fact]
    public void EveryRouteOfARunbook_Exists()
    {
        HashSet<string> routes = [.. RouteOf().Matches(Code).Select(route => Shape(route.Groups["route"].Value))];
        string[] told = [.. Directory.GetFiles(Repository.PathTo("docs", "operating"), "*.md")
            .SelectMany(file => Told().Matches(File.ReadAllText(file))).Select(use => use.Groups["route"].Value)];

        Assert.NotEmpty(told);
        Assert.DoesNotContain(told, route => !routes.Contains(Shape(route)));

        static string Shape(string route) => Hole().Replace(route, "{}");
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Description_OfAnAlertNamesItsRunbook()
    {
        Bicep alerts = (await Bicep.ReadAllAsync())["app/alerts.bicep"];

        Assert.Equal(
            "'${alert.meaning} Runbook: ${runbooks}${alert.runbook}'",
            alerts.Resources.Single(one => one.Name == "rule").Properties["properties.description"]);
        Assert.All(Alerts, alert => Assert.Matches("^PT(5|15)M$", alert.Every));
    }

    private static IEnumerable<string> WorkbookQueries()
    {
        using JsonDocument book = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("infra", "workbook.json")));
        return [.. book.RootElement.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("content"))
            .Where(content => content.TryGetProperty("query", out _))
            .Select(content => content.GetProperty("query").GetString()!)];
    }

    // A name is made into an instrument where it stands, or by the constant that it is.
    [GeneratedRegex("(?:Create\\w+(?:<\\w+>)?\\(\\s*|const string \\w+ = )\"(?<name>finvault\\.[a-z._]+)\"")]
    private static partial Regex Instrument();

    [GeneratedRegex("'(?<name>finvault\\.[a-z._]+)'")]
    private static partial Regex Metric();

    [GeneratedRegex("Properties\\.(?<name>\\w+)")]
    private static partial Regex Tag();

    [GeneratedRegex(@"tostring\(Properties\.\w+\) (?:==|in) (?:'[^']+'|\([^)]+\))")]
    private static partial Regex TagValue();

    [GeneratedRegex("'(?<text>[^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"Message (?<verb>startswith|endswith|has) '(?<text>[^']+)'")]
    private static partial Regex Line();

    [GeneratedRegex("""\[LoggerMessage\((?:[^"]|\n)*?"(?<text>(?:[^"]|"\s*\n?\s*\+ ")+)"\)\]""")]
    private static partial Regex Template();

    [GeneratedRegex("\"\\s*\\+ \"")]
    private static partial Regex Joined();

    [GeneratedRegex("Route = \"(?<route>[^\"]+)\"")]
    private static partial Regex RouteOf();

    [GeneratedRegex(@"(?:GET|POST|PUT|DELETE) /api/v1/(?<route>[\w{}/.-]+)")]
    private static partial Regex Told();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
