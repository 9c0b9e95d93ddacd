using FinVault.Tests.Support;

namespace FinVault.Tests.Ground;

/// <summary>The files that people write and read here: what tools generate, download or keep is left out.</summary>
internal static class SourceFiles
{
    private static readonly HashSet<string> Ignored =
        ["bin", "obj", "node_modules", "dist", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    private static readonly HashSet<string> Text =
    [
        ".bicep", ".cs", ".csproj", ".css", ".html", ".js", ".json", ".md", ".mjs", ".props", ".sh", ".svelte",
        ".targets", ".ts", ".yaml", ".yml", "",
    ];

    /// <summary>Suites and programs that are kept as their authors wrote them.</summary>
    private static readonly string[] TakenOver =
        [Repository.PathTo("tests", "Local", "Durable", "Conformance"), Repository.PathTo("tests", "benchmarks", "peers")];

    /// <summary>Absolute paths of every text file below a folder of the repository, the whole of it by default.</summary>
    public static IEnumerable<string> Below(params string[] parts) => Walk(new DirectoryInfo(Repository.PathTo(parts)));

    /// <summary>The files below with one of these endings.</summary>
    public static IEnumerable<string> OfKind(IEnumerable<string> files, params string[] endings) =>
        files.Where(file => endings.Contains(Path.GetExtension(file)));

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles().Where(file => Text.Contains(file.Extension)))
        {
            yield return file.FullName;
        }

        IEnumerable<DirectoryInfo> folders = folder.EnumerateDirectories()
            .Where(child => !Ignored.Contains(child.Name) && child.LinkTarget is null)
            .Where(child => !TakenOver.Contains(child.FullName))
            .Where(child => child.Name is ".ci" or ".github" || child.Name[0] != '.');
        foreach (string file in folders.SelectMany(Walk))
        {
            yield return file;
        }
    }
}
