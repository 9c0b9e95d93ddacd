using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>infra/**/*.bicep as tree-sitter-bicep reads them: there is no Bicep compiler on every machine.</summary>
internal sealed record Bicep(
    string File,
    string[] Errors,
    Bicep.Parameter[] Parameters,
    Bicep.Value[] Variables,
    Bicep.Declaration[] Resources,
    Bicep.Declaration[] Modules,
    Bicep.Value[] Outputs,
    string[] Uses,
    string[] Locals,
    string[] Calls)
{
    internal const string Parser = "tests/Infra/bicep";

    /// <param name="Name">The parameter's name.</param>
    /// <param name="Optional">Whether it has a default.</param>
    internal sealed record Parameter(string Name, bool Optional);

    /// <summary>A variable or output and its expression as written.</summary>
    internal sealed record Value(string Name, [property: System.Text.Json.Serialization.JsonPropertyName("value")] string Text);

    /// <param name="Name">Symbolic name.</param>
    /// <param name="Target">Resource type and version, or module path.</param>
    /// <param name="Properties">Dotted path of each property to its expression as written.</param>
    internal sealed record Declaration(string Name, string Target, Dictionary<string, string> Properties);

    // One process for all files and all tests.
    private static readonly Lazy<Task<IReadOnlyDictionary<string, Bicep>>> All = new(ParseAllAsync);

    internal string Path => Repository.PathTo("infra", File);

    internal string Text => System.IO.File.ReadAllText(Path);

    /// <summary>Every file, by its path below infra/ with forward slashes.</summary>
    internal static Task<IReadOnlyDictionary<string, Bicep>> ReadAllAsync() => All.Value;

    /// <summary>What a module of this file is made of.</summary>
    internal Bicep FileOf(Declaration module, IReadOnlyDictionary<string, Bicep> files) => files[
        System.IO.Path.GetRelativePath(
            Repository.PathTo("infra"),
            System.IO.Path.GetFullPath(module.Target, System.IO.Path.GetDirectoryName(Path)!)).Replace('\\', '/')];

    private static async Task<IReadOnlyDictionary<string, Bicep>> ParseAllAsync()
    {
        string root = Repository.PathTo("infra");
        string[] paths = Directory.GetFiles(root, "*.bicep", SearchOption.AllDirectories);
        Tool.Result parsed = await Tool.RunAsync(
            "node", [Repository.PathTo(Parser, "parse.mjs"), .. paths], TimeSpan.FromMinutes(1));
        Assert.True(parsed.ExitCode == 0, parsed.Error);
        Bicep[] files = JsonSerializer.Deserialize<Bicep[]>(parsed.Output, JsonSerializerOptions.Web)!;
        return files
            .Select(file => file with { File = System.IO.Path.GetRelativePath(root, file.File).Replace('\\', '/') })
            .ToDictionary(file => file.File);
    }
}
