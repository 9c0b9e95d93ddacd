using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Ground;

/// <summary>What no source file does, since a page or a program in which it happens once is no longer safe.</summary>
public sealed partial class WebSourceTests
{
    // Reads the central bank's rates, which come as XML only; LiveFxTests holds that it takes no entities.
    private const string CentralBank = "EcbXml.cs";

    [Fact]
    public void WebClient_NeverWritesHtmlNorRunsText() => AssertNone(
        SourceFiles.OfKind(SourceFiles.Below("web", "src"), ".svelte", ".ts", ".js"), HtmlOrCode());

    // Whatever is stored any later script can read; a refresh token is a cookie that none can.
    [Fact]
    public void WebClient_StoresNoToken() => AssertNone(
        SourceFiles.OfKind(SourceFiles.Below("web", "src", "identity"), ".svelte", ".ts", ".js"), StoredToken());

    [Fact]
    public void PasswordField_CanBeShown_Pasted_AndFilledByAProgram()
    {
        string field = File.ReadAllText(Repository.PathTo("web", "src", "identity", "PasswordField.svelte"));
        Assert.Contains("shown ? 'text' : 'password'", field, StringComparison.Ordinal);
        Assert.Contains("'new-password' : 'current-password'", field, StringComparison.Ordinal);
        AssertNone(SourceFiles.OfKind(SourceFiles.Below("web", "src", "identity"), ".svelte", ".ts"), NoPaste());
    }

    [Fact]
    public void App_StartsNoProcessAndReadsNoXml() => AssertNone(
        SourceFiles.OfKind(SourceFiles.Below("functions"), ".cs").Where(file => !file.EndsWith(CentralBank, StringComparison.Ordinal)),
        ProcessOrXml());

    // A value of a caller is a parameter. What stands in quotes in a text is a word or an id of our own making.
    [Fact]
    public void Queries_TakeValuesAsParameters() => AssertNone(
        SourceFiles.OfKind(SourceFiles.Below("functions"), ".cs"), QuotedHole());

    private static void AssertNone(IEnumerable<string> files, Regex forbidden)
    {
        string[] read = [.. files];
        Assert.NotEmpty(read);
        Assert.Empty(read
            .SelectMany(file => forbidden.Matches(File.ReadAllText(file)).Select(
                match => $"{Repository.Relative(file)}: {match.Value.Trim()}")));
    }

    [GeneratedRegex(@"\{@html|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(")]
    private static partial Regex HtmlOrCode();

    [GeneratedRegex(@"Storage\.setItem\([^)]*[tT]oken|document\.cookie")]
    private static partial Regex StoredToken();

    [GeneratedRegex(@"onpaste|on:paste|'paste'|autocomplete=.off.")]
    private static partial Regex NoPaste();

    [GeneratedRegex(@"Process\.Start|new ProcessStartInfo|System\.Xml|XmlReader|XmlDocument|BinaryFormatter|DirectoryEntry")]
    private static partial Regex ProcessOrXml();

    [GeneratedRegex(@"SELECT [^;]*?'\{[^}]+\}'[^;]*;", RegexOptions.Singleline)]
    private static partial Regex QuotedHole();
}
