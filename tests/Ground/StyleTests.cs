using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Ground;

/// <summary>House rules that a machine can check, so that no review has to.</summary>
public sealed partial class StyleTests
{
    /// <summary>The aim is 120 (.editorconfig) and about 150 lines a file; past these limits it is a mistake.</summary>
    private const int MaxLineLength = 160;
    private const int MaxFileLines = 350;

    // Written in parts, or these tests would find themselves.
    private static readonly string[] Registries =
    [
        "nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "yarnpkg" + ".com", "pypi" + ".org", "crates" + ".io",
        "rubygems" + ".org", "maven" + ".org",
    ];

    private static readonly string[] LeftToDo = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "XX" + "X:"];

    private static IEnumerable<string> Code =>
        SourceFiles.OfKind(SourceFiles.Below(), ".cs", ".ts", ".mjs", ".js", ".bicep", ".sh");

    private static IEnumerable<string> CSharp => SourceFiles.OfKind(SourceFiles.Below(), ".cs");

    [Fact]
    public void Lines_AreShortEnoughToReadSideBySide() => AssertNone(
        Lines(Code).Where(line => line.Text.Length > MaxLineLength && !IsData(line.Text)), $"Longer than {MaxLineLength} characters");

    [Fact]
    public void Files_AreShortEnoughToReadAtOnce() => AssertNone(
        from file in Code
        let lines = File.ReadLines(file).Count()
        where lines > MaxFileLines
        select new Line(file, lines, ""),
        $"Longer than {MaxFileLines} lines");

    [Fact]
    public void Namespaces_AreOfTheWholeFile() => AssertNone(
        Lines(CSharp).Where(line => line.Text.StartsWith("namespace ", StringComparison.Ordinal))
            .GroupBy(line => line.File).Where(file => file.Count() == 1).SelectMany(file => file)
            .Where(line => !line.Text.EndsWith(';')),
        "Write namespace Name;");

    [Fact]
    public void Nothing_IsLeftToDo() => AssertNone(
        Lines(SourceFiles.Below())
            .Where(line => LeftToDo.Any(mark => line.Text.Contains(mark, StringComparison.Ordinal))),
        "Left to do");

    [Fact]
    public void NoFile_NamesAPackageRegistry() => AssertNone(
        Lines(SourceFiles.Below())
            .Where(line => Registries.Any(host => line.Text.Contains(host, StringComparison.Ordinal))),
        "Feeds are the machine's setting, not the project's");

    [Fact]
    public void App_TakesTheTimeFromItsTimeProvider() => AssertNone(
        Lines(SourceFiles.OfKind(SourceFiles.Below("functions"), ".cs")).Where(line => Clock().IsMatch(line.Text)),
        "Ask the TimeProvider");

    [Fact]
    public void App_MakesItsIdsAsUlids() => AssertNone(
        Lines(SourceFiles.OfKind(SourceFiles.Below("functions"), ".cs"))
            .Where(line => line.Text.Contains("Guid.NewGuid", StringComparison.Ordinal))
            .Where(line => Path.GetFileName(line.File) != "Correlation.cs"), // names a request, is no id of ours
        "Make ids by Platform/Ids.cs");

    [Fact]
    public void NoThread_Sleeps() => AssertNone(
        Lines(CSharp).Where(line => line.Text.Contains("Thread." + "Sleep(", StringComparison.Ordinal)),
        "Wait for what is awaited");

    [Fact]
    public void NoException_IsSwallowed() => AssertNone(
        from file in CSharp
        where Path.GetFileName(file) != "StyleTests.cs"
        let text = File.ReadAllText(file)
        from Match match in EmptyCatch().Matches(text)
        select new Line(file, text.AsSpan(0, match.Index).Count('\n') + 1, match.Value),
        "An empty catch hides what happened");

    [Fact]
    public void Names_SayWhatTheThingIs() => AssertNone(
        Lines(SourceFiles.OfKind([.. SourceFiles.Below("functions"), .. SourceFiles.Below("local", "host")], ".cs"))
            .Where(line => VagueName().IsMatch(line.Text)),
        "A name of the field, not Manager, Helper, Utils, Common, Service");

    [Fact]
    public void App_KnowsNothingOfTheLocalHost() => AssertNone(
        Lines(SourceFiles.Below("functions"))
            .Where(line => line.Text.Contains("FinVault.Local", StringComparison.Ordinal)),
        "functions/ must run without local/");

    /// <summary>JSON in a raw string or a row of a theory, which is read as data.</summary>
    private static bool IsData(string line) => line.TrimStart() is var text
        && (text.StartsWith("{\"", StringComparison.Ordinal) || text.StartsWith("[InlineData(", StringComparison.Ordinal));

    private static IEnumerable<Line> Lines(IEnumerable<string> files) => files
        .SelectMany(file => File.ReadLines(file).Select((text, index) => new Line(file, index + 1, text)));

    private static void AssertNone(IEnumerable<Line> lines, string rule)
    {
        string[] found =
            [.. lines.Select(line => $"{Repository.Relative(line.File)}:{line.Number}: {line.Text.Trim()}")];
        Assert.True(found.Length == 0, $"{rule}:\n{string.Join("\n", found)}");
    }

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(UtcNow|Now|Today)\b|\bEnvironment\.TickCount")]
    private static partial Regex Clock();

    [GeneratedRegex(@"catch[^{};]*\{\s*\}")]
    private static partial Regex EmptyCatch();

    /// <summary>A class that derives from a framework's HubLifetimeManager may be one by name.</summary>
    [GeneratedRegex(@"\b(class|record|struct|interface)\s+\w*(Manager|Helpers?|Utils?|Utilities|Common|Service)\b(?!.*:.*\2\b)")]
    private static partial Regex VagueName();

    private sealed record Line(string File, int Number, string Text);
}
