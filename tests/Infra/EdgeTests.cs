using System.Text.Json;
using System.Text.RegularExpressions;
using FinVault.Market.Live;
using FinVault.Platform;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>Names that infra/ has from the code, from host.json and from the web client are still theirs.</summary>
public sealed partial class EdgeTests
{
    [NodeModulesFact(Bicep.Parser)]
    public async Task Origins_OfBrowsersAreTheSameEverywhere()
    {
        Bicep main = (await Bicep.ReadAllAsync())["main.bicep"];

        Assert.All(["api", "signalR", "uploads"], name => Assert.Equal(
            "origins", main.Modules.Single(module => module.Name == name).Properties["params.allowedOrigins"]));
        Assert.Contains("web.outputs.publicUri", main.Variables.Single(one => one.Name == "origins").Text, StringComparison.Ordinal);

        using JsonDocument sample = JsonDocument.Parse(
            await File.ReadAllTextAsync(Repository.PathTo("local.settings.sample.json")));
        string vite = await File.ReadAllTextAsync(Repository.PathTo("web", "vite.config.ts"));
        Assert.Equal(
            $"http://localhost:{Port().Match(vite).Groups["port"].Value}",
            sample.RootElement.GetProperty("Host").GetProperty("CORS").GetString());
    }

    /// <summary>One origin for pages and API: all that the app routes, and nothing else, goes to it.</summary>
    [NodeModulesFact(Bicep.Parser)]
    public async Task FrontDoor_SendsTheAppsRoutesToTheApp()
    {
        Bicep door = (await Bicep.ReadAllAsync())["app/frontdoor.bicep"];
        string prefix = HostJson().GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString()!;
        string pattern = door.Resources.Single(one => one.Name == "apiRoute").Properties["properties.patternsToMatch"];
        string cookie = await File.ReadAllTextAsync(Repository.PathTo("functions", "Identity", "Sessions", "SessionCookie.cs"));
        string client = await File.ReadAllTextAsync(Repository.PathTo("web", "src", "api", "client.ts"));

        Assert.Equal($"['/{prefix.Split('/')[0]}/*']", pattern);
        Assert.Contains($"matchValue: ['/{prefix}/auth/']", door.Text, StringComparison.Ordinal);
        Assert.Contains($"\"/{prefix}/auth\"", cookie, StringComparison.Ordinal);
        Assert.Contains($"BASE = '/{prefix}'", client, StringComparison.Ordinal);
    }

    [NodeModulesFact(Bicep.Parser)]
    public async Task Names_OfHubsContainersAndFunctionsAreTheCodes()
    {
        IReadOnlyDictionary<string, Bicep> files = await Bicep.ReadAllAsync();
        string Variable(string file, string name) => files[file].Variables.Single(one => one.Name == name).Text.Trim('\'');

        Assert.Equal(
            HostJson().GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString(),
            Variable("main.bicep", "taskHub"));
        Assert.False(HostJson().GetProperty("extensions").GetProperty("durableTask").TryGetProperty("storageProvider", out _));
        Assert.Equal(Containers.Market, Variable("app/cosmos.bicep", "ticksContainer"));

        string[] ready = [.. InstanceName().Matches(files["main.bicep"].Text).Select(use => use.Groups["name"].Value)];
        Assert.NotEmpty(ready);
        Assert.All(ready, name => Assert.Matches("^(http|durable|function:[A-Za-z]+)$", name));
        string[] functions = [.. typeof(Realtime).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.Name)];
        Assert.All(
            ready.Where(name => name.StartsWith("function:", StringComparison.Ordinal)),
            name => Assert.Contains(name["function:".Length..], functions));
    }

    /// <summary>An app behind one proxy more would otherwise believe what a caller writes into X-Forwarded-For.</summary>
    [NodeModulesFact(Bicep.Parser)]
    public async Task TrustedHops_CountFrontDoorOnlyWhereNobodyPassesItBy()
    {
        Bicep api = (await Bicep.ReadAllAsync())["app/api.bicep"];
        Dictionary<string, string> app = api.Resources.Single(one => one.Name == "app").Properties;

        Assert.Equal(
            "empty(frontDoorId) ? '1' : '2'",
            api.Resources.Single(one => one.Name == "settings").Properties["properties.RateLimits__trustedHops"]);
        Assert.Equal("empty(frontDoorId) ? 'Allow' : 'Deny'", app["properties.siteConfig.ipSecurityRestrictionsDefaultAction"]);
        Assert.Contains("'x-azure-fdid': [frontDoorId]", api.Text, StringComparison.Ordinal);
    }

    private static JsonElement HostJson() => JsonElement.Parse(File.ReadAllText(Repository.PathTo("host.json")));

    [GeneratedRegex(@"port: (?<port>\d+)")]
    private static partial Regex Port();

    [GeneratedRegex(@"\{ name: '(?<name>[^']+)', instanceCount: \d+ \}")]
    private static partial Regex InstanceName();
}
