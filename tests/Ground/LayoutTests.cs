using System.Xml.Linq;
using FinVault.Tests.Support;

namespace FinVault.Tests.Ground;

/// <summary>Where things are: a test is found from what it tests, and the solution holds every project.</summary>
public sealed class LayoutTests
{
    /// <summary>Test folders that mirror no folder of the app.</summary>
    private static readonly string[] OwnTestFolders =
        ["Fuzz", "Ground", "Infra", "Local", "Story", "Support", "benchmarks", "e2e", "node"];

    [Fact]
    public void TestFolders_MirrorTheApp() => Assert.Empty(
        Folders("tests").Except([.. OwnTestFolders, .. Folders("functions")]));

    [Fact]
    public void LocalTestFolders_MirrorTheLocalHost() => Assert.Empty(
        Folders("tests", "Local").Except(["Contracts", .. Folders("local", "host")]));

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        string solution = File.ReadAllText(Repository.PathTo("FinVault.sln")).Replace('\\', '/');

        Assert.All(
            Projects(),
            project => Assert.Contains($"\"{Repository.Relative(project)}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Projects_TakeTheirVersionsFromOnePlace() => Assert.All(Projects(), project => Assert.DoesNotContain(
        XDocument.Load(project).Descendants("PackageReference"),
        package => package.Attribute("Version") is not null));

    [Fact]
    public void App_RefersToNoProjectButTheFallback() => Assert.DoesNotContain(
        XDocument.Load(Repository.PathTo("functions", "FinVault.Functions.csproj")).Descendants(),
        element => element.Name.LocalName == "ProjectReference");

    private static IEnumerable<string> Projects() => SourceFiles.OfKind(SourceFiles.Below(), ".csproj");

    private static IEnumerable<string> Folders(params string[] parts) => SourceFiles.Below(parts)
        .Select(file => Path.GetRelativePath(Repository.PathTo(parts), file).Split(Path.DirectorySeparatorChar))
        .Where(path => path.Length > 1)
        .Select(path => path[0])
        .Distinct();
}
