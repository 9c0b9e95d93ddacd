using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>What GitHub Actions would do, as far as it shows without GitHub.</summary>
public sealed partial class WorkflowTests
{
    private static string[] Files => Directory.GetFiles(Repository.PathTo(".github", "workflows"), "*.yml");

    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryFile_IsYaml()
    {
        IReadOnlyDictionary<string, Yaml.Document> files = await Yaml.ReadAllAsync();

        Assert.Contains(".github/dependabot.yml", files.Keys);
        Assert.Empty(files.SelectMany(file => file.Value.Errors.Select(error => $"{file.Key}: {error}")));
    }

    /// <summary>A tag can be moved to other code; a commit cannot.</summary>
    [Fact]
    public void EveryAction_IsPinnedByCommitAndSaysItsVersion()
    {
        string[] uses = [.. Files.SelectMany(File.ReadLines).Where(line => line.Contains("uses:", StringComparison.Ordinal))
            .Select(line => line.Trim().TrimStart('-').Trim())];

        Assert.NotEmpty(uses);
        Assert.All(uses.Where(line => !line.StartsWith("uses: ./", StringComparison.Ordinal)), line => Assert.Matches(Pinned(), line));
        Assert.All(
            uses.Select(line => Pinned().Match(line)).Where(pin => pin.Success).GroupBy(pin => pin.Groups["owner"].Value),
            action => Assert.Single(action.Select(pin => pin.Groups["commit"].Value + pin.Groups["version"].Value).Distinct()));
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryJob_NeedsWhatThereIsAndEnds()
    {
        foreach ((string file, Yaml.Document document) in await WorkflowsAsync())
        {
            JsonElement jobs = document.Content.GetProperty("jobs");
            string[] names = [.. jobs.EnumerateObject().Select(job => job.Name)];
            Assert.True(document.Content.TryGetProperty("permissions", out _), $"{file} has all permissions");
            foreach (JsonProperty job in jobs.EnumerateObject())
            {
                Assert.Empty(Strings(job.Value, "needs").Except(names));
                Assert.True(
                    job.Value.TryGetProperty("uses", out _) || job.Value.TryGetProperty("timeout-minutes", out _),
                    $"{file}: {job.Name} may run for hours");
            }
        }
    }

    /// <summary>What a step of a workflow runs of this repository is there: scripts, projects, npm scripts.</summary>
    [NodeModulesFact(Bicep.Parser)]
    public async Task EveryCommand_IsOfThisRepository()
    {
        string[] commands = [.. (await WorkflowsAsync()).SelectMany(file => Runs(file.Value.Content))];
        using JsonDocument web = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.PathTo("web", "package.json")));

        Assert.All(
            commands.SelectMany(run => OwnPath().Matches(run)).Select(use => use.Groups["path"].Value),
            path => Assert.True(Path.Exists(Repository.PathTo(path.Split('/'))), path));
        Assert.All(
            commands.SelectMany(run => NpmScript().Matches(run)).Select(use => use.Groups["name"].Value),
            name => Assert.True(web.RootElement.GetProperty("scripts").TryGetProperty(name, out _), name));
        Assert.Contains(commands, run => run.Contains(".ci/run", StringComparison.Ordinal));
    }

    /// <summary>Signing in to Azure is by OIDC: there is no long-lived secret that could leak.</summary>
    [NodeModulesFact(Bicep.Parser)]
    public async Task Deployments_SignInWithoutASecret()
    {
        foreach ((string file, Yaml.Document document) in await WorkflowsAsync())
        {
            string text = await File.ReadAllTextAsync(Repository.PathTo(file.Split('/')));
            Assert.DoesNotContain("client-secret", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("AZURE_CREDENTIALS", text, StringComparison.Ordinal);
            foreach (JsonProperty job in document.Content.GetProperty("jobs").EnumerateObject())
            {
                bool signsIn = job.Value.GetRawText().Contains("azure/login@", StringComparison.OrdinalIgnoreCase);
                bool mayAsk = job.Value.TryGetProperty("permissions", out JsonElement granted)
                    && granted.TryGetProperty("id-token", out JsonElement token) && token.GetString() == "write";
                Assert.Equal(signsIn, mayAsk);
                Assert.Equal(signsIn, job.Value.TryGetProperty("environment", out _));
            }
        }
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task AzureYaml_NamesFoldersAndHooksThatAreThere()
    {
        JsonElement azure = (await Yaml.ReadAllAsync())["azure.yaml"].Content;
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();
        string bicep = string.Concat(files.Values.Select(file => file.Text));

        Assert.All(azure.GetProperty("services").EnumerateObject(), service =>
        {
            Assert.True(Directory.Exists(Repository.PathTo(service.Value.GetProperty("project").GetString()!)), service.Name);
            Assert.Contains($"'azd-service-name': '{service.Name}'", bicep, StringComparison.Ordinal);
        });
        // One program for both, so that neither can fall behind; PowerShell has to hand on how it ended.
        Assert.All(azure.GetProperty("hooks").EnumerateObject(), hook =>
        {
            (string file, JsonElement posix, JsonElement windows) = (
                $"infra/hooks/{hook.Name}.mjs", hook.Value.GetProperty("posix"), hook.Value.GetProperty("windows"));
            Assert.True(File.Exists(Repository.PathTo(file.Split('/'))), file);
            Assert.Equal(("sh", $"node {file}"), Shell(posix));
            Assert.Equal(("pwsh", $"node {file}; exit $LASTEXITCODE"), Shell(windows));
            Assert.False(posix.GetProperty("continueOnError").GetBoolean() || windows.GetProperty("continueOnError").GetBoolean());
        });
    }

    private static (string? Shell, string? Run) Shell(JsonElement hook) =>
        (hook.GetProperty("shell").GetString(), hook.GetProperty("run").GetString());

    [NodeModulesFact(Bicep.Parser)]
    public async Task Dependabot_LooksWhereDependenciesAre()
    {
        JsonElement updates = (await Yaml.ReadAllAsync())[".github/dependabot.yml"].Content.GetProperty("updates");
        string[] npm = [.. updates.EnumerateArray().Where(one => one.GetProperty("package-ecosystem").GetString() == "npm")
            .SelectMany(one => Strings(one, "directories")).Order()];
        string[] locked = [.. Directory.EnumerateFiles(Repository.Root, "package-lock.json", SearchOption.AllDirectories)
            .Select(Repository.Relative)
            .Where(file => !file.Contains("node_modules/", StringComparison.Ordinal) && !file.StartsWith("artifacts/", StringComparison.Ordinal))
            .Select(file => "/" + file[..file.LastIndexOf('/')]).Order()];

        Assert.Equal(locked, npm);
    }

    private static async Task<Dictionary<string, Yaml.Document>> WorkflowsAsync() => (await Yaml.ReadAllAsync())
        .Where(file => file.Key.StartsWith(".github/workflows/", StringComparison.Ordinal)).ToDictionary();

    private static string[] Strings(JsonElement owner, string name) =>
        !owner.TryGetProperty(name, out JsonElement value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(one => one.GetString()!)]
        : [value.GetString()!];

    private static IEnumerable<string> Runs(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(member =>
            member.Name == "run" && member.Value.ValueKind == JsonValueKind.String
                ? [member.Value.GetString()!]
                : Runs(member.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(Runs),
        _ => [],
    };

    [GeneratedRegex(@"^uses: (?<owner>[\w.-]+/[\w.-]+)(?:/[\w./-]+)?@(?<commit>[0-9a-f]{40}) # (?<version>v\d+\.\d+\.\d+)$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"(?<![\w/$}.])(?<path>(?:\./)?(?:\.ci|\.github|infra|functions|tests|web)/[\w./-]*\w)")]
    private static partial Regex OwnPath();

    [GeneratedRegex(@"npm run --prefix web (?<name>\w+)")]
    private static partial Regex NpmScript();
}
