using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>
/// What an operator is told to type at night is there: commands, settings, functions, files. That a route exists is
/// tested beside the alerts.
/// </summary>
public sealed partial class RunbookTests
{
    // As https://learn.microsoft.com/cli/azure/reference-index has them; none of it can be asked here.
    private static readonly string[] AzureCommands =
    [
        "login", "ad signed-in-user show", "cosmosdb list", "cosmosdb restore", "cosmosdb delete",
        "cosmosdb sql role assignment create", "functionapp show", "functionapp start", "functionapp stop",
        "functionapp restart", "functionapp config appsettings set", "functionapp scale config always-ready set",
        "functionapp keys set", "functionapp function keys list", "functionapp function keys set",
        "functionapp function keys delete", "resource list", "webapp log tail",
    ];

    // https://learn.microsoft.com/azure/developer/azure-developer-cli/reference
    private static readonly string[] DeveloperCommands =
        ["env select", "env get-values", "env get-value", "env set", "env new", "hooks run", "provision", "deploy"];

    private static readonly Dictionary<string, string> Texts = Directory
        .GetFiles(Repository.PathTo("docs", "operating"), "*.md").ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

    private static readonly string Templates = string.Concat(
        Directory.GetFiles(Repository.PathTo("infra"), "*.bicep", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Repository.PathTo(".github", "workflows")))
            .Append(Repository.PathTo("infra", "main.parameters.json")).Select(File.ReadAllText));

    /// <summary>Every piece that is to be typed: in backticks, or indented. A line that ends in \ goes on.</summary>
    private static IEnumerable<(string File, string Command)> Commands => Texts.SelectMany(file => Typed()
        .Matches(file.Value.Replace("\\\n", " ", StringComparison.Ordinal))
        .SelectMany(piece => Separator().Split(piece.Groups["inline"].Value + piece.Groups["block"].Value))
        .Select(command => (file.Key, Command: command.Trim())))
        .Where(command => command.Command.Length > 0);

    [Fact]
    public void EveryAzureCommand_IsOneAndSaysOfWhat()
    {
        (string File, string Command)[] used =
            [.. Commands.SelectMany(one => AzureUse().Matches(one.Command).Select(use => (one.File, use.Value)))];

        Assert.True(used.Length > 15, $"{used.Length} commands were found.");
        Assert.All(used, one => Assert.Contains(
            AzureCommands, known => one.Command == $"az {known}" || one.Command.StartsWith($"az {known} ", StringComparison.Ordinal)));
        // Who types it at night should not have to look up of which app. A command that is only spoken of has no options.
        Assert.All(
            used.Where(one => one.Command.Contains(" --", StringComparison.Ordinal) && !one.Command.StartsWith("az ad ", StringComparison.Ordinal)),
            one =>
            {
                Assert.Contains("--resource-group \"$AZURE_RESOURCE_GROUP\"", one.Command, StringComparison.Ordinal);
                Assert.Matches("--(account-)?name |az (resource|cosmosdb) list ", one.Command);
            });
    }

    [Fact]
    public void EveryOtherCommand_IsOneOfAToolThatIsThere()
    {
        string[] azd = [.. Commands.SelectMany(one => DeveloperUse().Matches(one.Command)).Select(use => use.Groups["rest"].Value)];

        Assert.NotEmpty(azd);
        Assert.All(azd, rest => Assert.Contains(DeveloperCommands, known => rest == known || rest.StartsWith(known + " ", StringComparison.Ordinal)));
        string hooks = File.ReadAllText(Repository.PathTo("azure.yaml"));
        Assert.All(
            azd.Where(rest => rest.StartsWith("hooks run ", StringComparison.Ordinal)),
            rest => Assert.Contains($"\n  {rest["hooks run ".Length..]}:\n", hooks, StringComparison.Ordinal));
        Assert.All(
            azd.Where(rest => rest.StartsWith("deploy ", StringComparison.Ordinal)),
            rest => Assert.Contains($"\n  {rest.Split(' ')[1]}:\n", hooks, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryName_IsOneOfTheTemplates()
    {
        // What the operator's shell makes itself.
        string[] own = [.. Texts.Values.SelectMany(text => Assigned().Matches(text)).Select(made => made.Groups["name"].Value), "TOKEN"];
        string[] named = [.. Texts.Values.SelectMany(text => Variable().Matches(text)).Select(use => use.Groups["name"].Value).Distinct()];

        Assert.Contains("AZURE_RESOURCE_GROUP", named);
        Assert.All(named.Except(own), name => Assert.Matches($@"\b{name}\b", Templates));
        string settings = Templates + File.ReadAllText(Repository.PathTo("local.settings.sample.json"));
        Assert.All(
            Texts.Values.SelectMany(text => Setting().Matches(text)).Select(use => use.Value).Distinct(),
            name => Assert.Contains(
                name.Replace("__NAME__", "__social__", StringComparison.Ordinal), settings, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void EveryFunctionAndFile_IsThere()
    {
        string code = string.Concat(Directory.EnumerateFiles(Repository.PathTo("functions"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        string[] functions = [.. Texts.Values.SelectMany(text => FunctionUse().Matches(text))
            .SelectMany(use => use.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        (string File, string Path)[] paths = [.. Texts.SelectMany(text => OwnPath().Matches(text.Value).Select(use => (text.Key, use.Value)))];

        Assert.NotEmpty(functions);
        Assert.All(functions, name => Assert.Contains($"[Function(nameof({name}))]", code, StringComparison.Ordinal));
        Assert.NotEmpty(paths);
        Assert.All(paths, one => Assert.True(Path.Exists(Repository.PathTo(one.Path.Split('/'))), $"{one.File}: {one.Path}"));
        Assert.All(
            Texts.SelectMany(text => Link().Matches(text.Value).Select(link => (text.Key, Target: link.Groups["file"].Value))),
            link => Assert.True(File.Exists(Repository.PathTo("docs", "operating", link.Target)), $"{link.Key}: {link.Target}"));
    }

    [GeneratedRegex("`(?<inline>[^`\n]+)`|^ {4,}(?<block>[^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Typed();

    [GeneratedRegex(@"\s+&&\s+|\s+\|\s+|\s{2,}#.*$")]
    private static partial Regex Separator();

    // One may stand inside of another, within $(…).
    [GeneratedRegex(@"\baz [a-z](?:[^$)""]|""\$\w[^""]*""|""\[[^""]*"")*")]
    private static partial Regex AzureUse();

    [GeneratedRegex(@"\bazd (?<rest>[a-z][^)]*)")]
    private static partial Regex DeveloperUse();

    [GeneratedRegex(@"^\s+(?<name>[A-Z]+)=", RegexOptions.Multiline)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"(?:\$|`)(?<name>[A-Z]+(?:_[A-Z]+)+|[A-Z]{5,})\b")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+__\w+\b")]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?:--functions|--function-name|function:|The timers \(`|`|, `)(?<names>(?: ?(?:Get|Verify|Post|Ingest|Recover|Check)[A-Z][A-Za-z]+)+)")]
    private static partial Regex FunctionUse();

    [GeneratedRegex(@"(?<=`|node )(?:infra|\.github|docs|tests|functions)/[\w./-]+\w")]
    private static partial Regex OwnPath();

    [GeneratedRegex(@"\]\((?<file>[\w./-]+\.md)\)")]
    private static partial Regex Link();
}
