using FinVault.Tests.Support;

namespace FinVault.Tests.E2e;

/// <summary>The web client's own checks, so that <c>dotnet test</c> runs them too.</summary>
[Collection(BrowserTests.Name)]
public sealed class WebProjectTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [NodeFact]
    public Task UnitTests_OfTheWebClient_Pass() => RunAsync("test");

    [NodeFact]
    public Task Types_OfTheWebClient_AreSound() => RunAsync("check");

    // The server of this collection has built the client.
    [NodeFact]
    public async Task InitialScript_StaysWithinItsBudget()
    {
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
