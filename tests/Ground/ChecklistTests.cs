using System.Text.RegularExpressions;
using FinVault.Tests.Support;

namespace FinVault.Tests.Ground;

/// <summary>The README's checklist of OWASP ASVS 4.0.3 has every item of level 2, and each test it names is there.</summary>
public sealed partial class ChecklistTests
{
    // How many items each section has; the level 3 ones and the deleted 4.1.4 left out.
    private static readonly Dictionary<string, int[]> Sections = new()
    {
        ["2.1"] = Upto(12), ["2.2"] = Upto(3), ["2.3"] = Upto(3), ["2.4"] = Upto(5), ["2.5"] = Upto(7), ["2.6"] = Upto(3),
        ["2.7"] = Upto(6), ["2.8"] = Upto(7), ["2.9"] = Upto(3), ["2.10"] = Upto(4), ["3.1"] = Upto(1), ["3.2"] = Upto(4),
        ["3.3"] = Upto(4), ["3.4"] = Upto(5), ["3.5"] = Upto(3), ["3.7"] = Upto(1), ["4.1"] = [1, 2, 3, 5],
        ["4.2"] = Upto(2), ["4.3"] = Upto(3), ["5.1"] = Upto(5), ["5.2"] = Upto(8), ["5.3"] = Upto(10), ["5.4"] = Upto(3),
        ["5.5"] = Upto(4),
    };

    private static readonly string Readme = File.ReadAllText(Repository.PathTo("README.md"));

    [Fact]
    public void EveryItemOfLevel2_IsThereOnce() => Assert.Equal(
        Sections.SelectMany(section => section.Value.Select(item => $"{section.Key}.{item}")),
        Items().Select(item => item.Number));

    [Fact]
    public void EveryItem_NamesATestOrSaysWhyThereIsNone() => Assert.Empty(Items()
        .Where(item => Tests(item.Text).Length == 0
            && !item.Text.Contains("**not met**: ", StringComparison.Ordinal)
            && !item.Text.Contains("not applicable: ", StringComparison.Ordinal))
        .Select(item => item.Number));

    [Fact]
    public void EveryTest_ThatIsNamed_Exists() => Assert.Empty(Items()
        .SelectMany(item => Tests(item.Text).Select(test => (item.Number, test.File, test.Name)))
        .Where(test => !Exists(test.File, test.Name))
        .Select(test => $"{test.Number}: {test.File}#{test.Name}"));

    private static int[] Upto(int last) => [.. Enumerable.Range(1, last)];

    private static (string Number, string Text)[] Items() =>
        [.. Item().Matches(Readme).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    private static (string File, string Name)[] Tests(string text) =>
        [.. Test().Matches(text).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    private static bool Exists(string file, string name)
    {
        string path = Repository.PathTo(["tests", .. file.Split('/')]);
        return File.Exists(path) && File.ReadAllText(path).Contains($" {name}(", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^- (\d\.\d+\.\d+) (.+)$", RegexOptions.Multiline)]
    private static partial Regex Item();

    [GeneratedRegex(@"`([\w/]+\.cs)#(\w+)`")]
    private static partial Regex Test();
}
