using FinVault.Tests.Support;

namespace FinVault.Tests.E2e;

/// <summary>The web client's own checks, so that <c>dotnet test</c> runs them too.</summary>
[Collection(BrowserTests.Name)]
public sealed class WebProjectTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [NodeTheory]
    [InlineData("test")]
    [InlineData("check")]
    public async Task Script_OfTheWebClient_Succeeds(string script)
    {
        Assert.True(Directory.Exists(Repository.PathTo("web", "node_modules")), "npm ci --prefix web");
        await RunAsync(script);
    }

    [NodeFact]
    public async Task InitialScript_StaysWithinItsBudget()
    {
        await RunAsync("build");
        string report = await RunAsync("size");
        Assert.Contains("\"chartsInInitial\":false", report, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string script)
    {
        Tool.Result result = await Tool.RunAsync("npm", ["run", "--prefix", "web", script], Limit);
        Assert.True(result.ExitCode == 0, $"npm run {script}:\n{result.Output}\n{result.Error}");
        return result.Output;
    }
}
