using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>The hooks of azure.yaml, as far as they need no Azure.</summary>
public sealed class HookTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static string Hook(string name) => Repository.PathTo("infra", "hooks", name);

    [NodeFact]
    public async Task Smoke_WhenTheAppIsWell_Passes()
    {
        // With the limits as they are in Azure, which a probe must not run into.
        await using AppHost app = await AppHost.StartAsync(
            AppHost.Defaults with { Settings = new Dictionary<string, string?> { ["RateLimits:enabled"] = "true" } });

        Tool.Result smoke = await Tool.RunAsync(
            "env", ["SMOKE_WITHOUT_WEB=1", "node", Hook("smoke.mjs"), app.Client.BaseAddress!.ToString(), "20"], Limit);

        Assert.True(smoke.ExitCode == 0, smoke.Output + smoke.Error);
        Assert.Equal(5, smoke.Output.Split("ok  ").Length - 1);
        Assert.Contains("All well", smoke.Output, StringComparison.Ordinal);

        // The web client is not there, which is a failure unless one says so.
        Tool.Result whole = await Tool.RunAsync("node", [Hook("smoke.mjs"), app.Client.BaseAddress!.ToString(), "0"], Limit);
        Assert.NotEqual(0, whole.ExitCode);
        Assert.Contains("FAILED  /:", whole.Error, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Smoke_WhenNobodyAnswers_Fails()
    {
        Tool.Result smoke = await Tool.RunAsync("node", [Hook("smoke.mjs"), "http://127.0.0.1:9", "0"], Limit);

        Assert.NotEqual(0, smoke.ExitCode);
        Assert.Contains("FAILED  /api/v1/health/live: 000", smoke.Error, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task PostProvision_WritesSettingsThatNameTheServicesAndHaveNoKeyOfThem()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-settings-").FullName;
        string file = Path.Combine(folder, "local.settings.json");
        try
        {
            File.Copy(Repository.PathTo("local.settings.sample.json"), Path.Combine(folder, "local.settings.sample.json"));
            Assert.Equal(0, (await ProvisionAsync(folder)).ExitCode);

            Dictionary<string, string> values = JsonElement.Parse(await File.ReadAllTextAsync(file))
                .GetProperty("Values").Deserialize<Dictionary<string, string>>()!;
            Assert.Equal("evhns.example", values["EventHubs__fullyQualifiedNamespace"]);
            Assert.Equal("https://cosmos.example/", values["Cosmos__accountEndpoint"]);
            Assert.Equal("https://signalr.example", values["AzureSignalRConnectionString__serviceUri"]);
            Assert.Equal("https://blobs.example/", values["Blobs__serviceUri"]);
            Assert.DoesNotContain(values, one => one.Value.Contains("Key=", StringComparison.Ordinal));

            // Again over its own, but never over somebody else's.
            Assert.Contains("names the services", (await ProvisionAsync(folder)).Output, StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, "{}");
            Assert.Contains("left alone", (await ProvisionAsync(folder)).Output, StringComparison.Ordinal);
            Assert.Equal("{}", await File.ReadAllTextAsync(file));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Keys that were made again would sign everybody out, and open nothing that is encrypted.</summary>
    [NodeFact]
    public async Task PreProvision_MakesEachKeyOnceAndNoneOnABuildServer()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-keys-").FullName;
        string kept = Path.Combine(folder, "values");
        try
        {
            StandIn(folder, "azd", AzdIn(kept));
            await File.WriteAllTextAsync(kept, "");

            Assert.NotEqual(0, (await PrepareAsync(folder, "CI=true")).ExitCode);
            Assert.Equal("", await File.ReadAllTextAsync(kept));
            Assert.Equal(0, (await PrepareAsync(folder, "CI=")).ExitCode);
            string[] made = await File.ReadAllLinesAsync(kept);
            Assert.Equal(
                ["IDENTITY_ACCESS_TOKEN_KEYS", "IDENTITY_REFRESH_TOKEN_KEYS", "IDENTITY_SECRET_KEYS", "GIFT_CARD_KEY", "BUDGET_START"],
                made.Select(line => line.Split('=')[0]));
            Assert.Equal(4, made.Take(4).Select(line => line.Split('=', 2)[1]).Distinct().Count());
            Assert.All(made.Take(3), line => Assert.Matches("=\"k1:[A-Za-z0-9+/]{43}=\"$", line));

            Assert.Equal(0, (await PrepareAsync(folder, "CI=true")).ExitCode);
            Assert.Equal(made, await File.ReadAllLinesAsync(kept));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The key is known only once the app has started, and SignalR calls nobody until it is told.</summary>
    [NodeFact]
    public async Task PostDeploy_HasSignalRCallTheApp_AndLooksWhetherItIsWell()
    {
        string folder = Directory.CreateTempSubdirectory("finvault-deployed-").FullName;
        (string kept, string called) = (Path.Combine(folder, "values"), Path.Combine(folder, "called"));
        try
        {
            StandIn(folder, "azd", AzdIn(kept));
            StandIn(folder, "az", $"echo \"$@\" >> {called}\n[ $1 != functionapp ] || echo a-key\n");
            await File.WriteAllTextAsync(
                kept, "AZURE_RESOURCE_GROUP=\"group\"\nSERVICE_API_NAME=\"app\"\nSIGNALR_NAME=\"live\"\nSERVICE_API_URI=\"https://app\"\n");
            await using AppHost app = await AppHost.StartAsync();

            Tool.Result done = await Tool.RunAsync(
                "env",
                [
                    $"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}", "SMOKE_WITHOUT_WEB=1",
                    $"PUBLIC_URI={app.Client.BaseAddress}", "node", Hook("postdeploy.mjs"),
                ],
                Limit);

            Assert.True(done.ExitCode == 0, done.Output + done.Error);
            Assert.Contains("All well", done.Output, StringComparison.Ordinal);
            Assert.Contains("SIGNALR_EXTENSION_KEY=\"a-key\"", await File.ReadAllTextAsync(kept), StringComparison.Ordinal);
            Assert.Equal(
                [
                    "functionapp keys list --resource-group group --name app --query systemKeys.signalr_extension --output tsv",
                    "signalr upstream update --resource-group group --name live --output none --template "
                    + "url-template=https://app/runtime/webhooks/signalr?code=a-key hub-pattern=finvault category-pattern=* event-pattern=*",
                ],
                await File.ReadAllLinesAsync(called));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Keeps what is set in a file.</summary>
    private static string AzdIn(string kept) =>
        $"case $2 in\n  get-values) cat {kept} ;;\n  set) echo \"$3=\\\"$4\\\"\" >> {kept} ;;\nesac\n";

    private static void StandIn(string folder, string name, string script)
    {
        string file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static Task<Tool.Result> PrepareAsync(string folder, string ci) => Tool.RunAsync(
        "env", [$"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}", ci, "node", Hook("preprovision.mjs")], Limit);

    private static Task<Tool.Result> ProvisionAsync(string folder) => Tool.RunAsync(
        "env",
        [
            "-C", folder, "AZURE_ENV_NAME=test", "TICKS_HUB=ticks", "EVENTHUBS_FULLY_QUALIFIED_NAMESPACE=evhns.example",
            "COSMOS_ACCOUNT_ENDPOINT=https://cosmos.example/", "BLOBS_SERVICE_URI=https://blobs.example/",
            "SIGNALR_SERVICE_URI=https://signalr.example", "node", Hook("postprovision.mjs"),
        ],
        Limit);
}
