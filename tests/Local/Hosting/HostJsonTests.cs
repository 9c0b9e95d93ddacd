using FinVault.Local.Hosting;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Hosting;

public class HostJsonTests
{
    [Fact]
    public void Parse_WhenNothingIsSaid_HasTheDefaultsOfTheRealHost()
    {
        HostJson parsed = HostJson.Parse("""{ "version": "2.0" }""");

        Assert.Equal("api", parsed.RoutePrefix);
        Assert.Equal(100, parsed.EventHubs.MaxEventBatchSize);
        Assert.Equal(1, parsed.EventHubs.MinEventBatchSize);
        Assert.Equal(300, parsed.EventHubs.PrefetchCount);
        Assert.Equal(1, parsed.EventHubs.BatchCheckpointFrequency);
        Assert.Equal(TimeSpan.FromMinutes(1), parsed.EventHubs.WaitTime);
    }

    [Fact]
    public void Parse_ReadsSettingsInAnyCaseAndWithComments()
    {
        HostJson parsed = HostJson.Parse("""
            { // as the real host reads it
              "Version": "2.0",
              "logging": { "logLevel": { "default": "Warning" } },
              "extensions": { "http": { "RoutePrefix": "/v9/" },
                "eventHubs": { "maxEventBatchSize": 7, "minEventBatchSize": 3, "maxWaitTime": "00:00:02" } },
            }
            """);

        Assert.Equal("v9", parsed.RoutePrefix);
        Assert.Equal(7, parsed.EventHubs.MaxEventBatchSize);
        Assert.Equal(3, parsed.EventHubs.MinEventBatchSize);
        Assert.Equal(TimeSpan.FromSeconds(2), parsed.EventHubs.WaitTime);
        Assert.Equal("Warning", parsed.LogLevels["default"]);
    }

    [Theory]
    [InlineData("""{ "version": "3.0" }""", "\"version\" must be \"2.0\"")]
    [InlineData("""{}""", "\"version\" must be \"2.0\"")]
    [InlineData("""[]""", "must be a JSON object")]
    [InlineData("""{ "version": "2.0" """, "is not JSON")]
    [InlineData("""{ "version": "2.0", "extensions": 5 }""", "extensions must be an object, not 5")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "routePrefix": 5 } } }""", "extensions.http.routePrefix must be a text")]
    [InlineData("""{ "version": "2.0", "logging": { "logLevel": { "A": "Loud" } } }""", "logging.logLevel.A is not a log level")]
    public void Parse_WhenSomethingIsWrong_NamesTheSetting(string text, string problem)
    {
        var wrong = Assert.Throws<StartupException>(() => HostJson.Parse(text));

        Assert.Contains(problem, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "maxEventBatchSize": "many" }""", "maxEventBatchSize must be a whole number of at least 1, not \"many\"")]
    [InlineData("""{ "batchCheckpointFrequency": 0 }""", "batchCheckpointFrequency must be a whole number")]
    [InlineData("""{ "maxWaitTime": "soon" }""", "maxWaitTime must be a duration")]
    [InlineData("""{ "maxEventBatchSize": 5, "minEventBatchSize": 6 }""", "minEventBatchSize (6) must not be larger than maxEventBatchSize (5)")]
    public void Parse_WhenAnEventHubsSettingIsWrong_NamesIt(string section, string problem)
    {
        string text = $$"""{ "version": "2.0", "extensions": { "eventHubs": {{section}} } }""";

        var wrong = Assert.Throws<StartupException>(() => HostJson.Parse(text));

        Assert.Contains($"extensions.eventHubs.{problem}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenHostJsonIsWrong_SaysEverythingAtOnce()
    {
        LocalHostOptions options = AppHost.ForFunctions([typeof(CatalogTests.UnknownParameter)]) with
        {
            HostJson = """{ "version": "1.0", "extensions": { "eventHubs": { "prefetchCount": -1 } } }""",
        };

        var wrong = await Assert.ThrowsAsync<StartupException>(() => LocalHost.StartAsync(options));

        Assert.Equal(3, wrong.Problems.Count);
    }

    [Fact]
    public void TheProjectsOwnHostJson_IsRead()
    {
        HostJson own = HostJson.Parse(File.ReadAllText(Repository.PathTo("host.json")));

        Assert.Equal("api/v1", own.RoutePrefix);
    }
}
