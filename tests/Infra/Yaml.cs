using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>azure.yaml, compose.yaml and .github/**/*.yml, read by a parser that is not ours, in one process for all tests.</summary>
internal static class Yaml
{
    private static readonly Lazy<Task<IReadOnlyDictionary<string, Document>>> All = new(ParseAllAsync);

    /// <param name="Errors">What the parser says against it; none, if it is good.</param>
    /// <param name="Content">What it says.</param>
    internal sealed record Document(string[] Errors, JsonElement Content);

    /// <summary>Every file, by its path in the repository.</summary>
    internal static Task<IReadOnlyDictionary<string, Document>> ReadAllAsync() => All.Value;

    private static async Task<IReadOnlyDictionary<string, Document>> ParseAllAsync()
    {
        string[] files =
        [
            Repository.PathTo("azure.yaml"),
            Repository.PathTo("compose.yaml"),
            .. Directory.GetFiles(Repository.PathTo(".github"), "*.yml", SearchOption.AllDirectories),
        ];
        Tool.Result parsed = await Tool.RunAsync(
            "node", [Repository.PathTo(Bicep.Parser, "yaml.mjs"), .. files], TimeSpan.FromMinutes(1));
        Assert.True(parsed.ExitCode == 0, parsed.Error);
        return JsonSerializer.Deserialize<Dictionary<string, Document>>(parsed.Output, JsonSerializerOptions.Web)!
            .ToDictionary(file => Repository.Relative(file.Key), file => file.Value);
    }
}
