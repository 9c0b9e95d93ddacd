using FinVault.Local.Hosting;

namespace FinVault.Tests.Local.Hosting;

public class CommandLineTests
{
    [Fact]
    public void Parse_WithoutArguments_IsTheNewcomersHost()
    {
        LocalHostOptions options = CommandLine.Parse([])!;

        Assert.Equal("http://127.0.0.1:7071", options.Urls);
        Assert.Equal(".finvault", options.Data);
        Assert.Equal("demo", options.FeedOrDefault);
        Assert.True(options.Web);
    }

    [Fact]
    public void Parse_TakesEveryOption()
    {
        string file = Path.GetTempFileName();
        LocalHostOptions options = CommandLine.Parse(
            ["--urls", "http://127.0.0.1:1;http://[::1]:2", "--data=:memory:", "--replay", file, "--speed", "max", "--partitions", "8"])!;

        Assert.Equal("http://127.0.0.1:1;http://[::1]:2", options.Urls);
        Assert.True(options.InMemory);
        Assert.Equal(file, options.Replay);
        Assert.Equal("max", options.Speed);
        Assert.Equal(8, options.Partitions);
        File.Delete(file);
    }

    [Fact]
    public void Parse_WhenAFileIsReplayed_LeavesTheDemoFeedOutUnlessAsked()
    {
        string file = Path.GetTempFileName();

        Assert.Equal("none", CommandLine.Parse(["--replay", file])!.FeedOrDefault);
        Assert.Equal("demo", CommandLine.Parse(["--replay", file, "--feed", "demo"])!.FeedOrDefault);
        File.Delete(file);
    }

    [Fact]
    public void Parse_Help_IsNoHost() => Assert.Null(CommandLine.Parse(["--data", "x", "--help"]));

    [Theory]
    [InlineData("--colour", "There is no option --colour. --help lists them.")]
    [InlineData("colour", "There is no option colour. --help lists them.")]
    [InlineData("--urls", "--urls needs a value.")]
    [InlineData("--urls=localhost", "--urls: 'localhost' is no address such as http://127.0.0.1:7071.")]
    [InlineData("--speed=fast", "--speed: 'fast' is neither a number above 0 nor max.")]
    [InlineData("--speed=0", "--speed: '0' is neither a number above 0 nor max.")]
    [InlineData("--feed=live", "--feed: 'live' is neither demo nor none.")]
    [InlineData("--partitions=33", "--partitions: '33' is no number from 1 to 32.")]
    [InlineData("--replay=/nowhere/ticks.csv", "--replay: there is no file /nowhere/ticks.csv.")]
    [InlineData("--data=", "--data needs a value.")]
    [InlineData("--amqp-port=65536", "--amqp-port: '65536' is no port.")]
    [InlineData(
        "--upstream=/x", "--upstream: '/x' is no address such as http://localhost:7071/runtime/webhooks/signalr.")]
    public void Parse_WhenSomethingIsOdd_SaysWhatInOneLine(string argument, string message)
    {
        var wrong = Assert.Throws<FormatException>(() => CommandLine.Parse([argument]));

        Assert.Equal(message, wrong.Message);
    }

    [Fact]
    public void Parse_Services_LeavesTheFunctionsHostItsPort()
    {
        Assert.Equal(
            [CommandLine.ServicesUrl, CommandLine.SignalRUrl], CommandLine.Parse(["--services"])!.Urls.Split(';'));
        LocalHostOptions elsewhere = CommandLine.Parse(["--urls", "http://127.0.0.1:9", "--services", "--amqp-port", "7"])!;
        Assert.Equal(("http://127.0.0.1:9", 7), (elsewhere.Urls, elsewhere.AmqpPort));
        string hook = "https://example.org/{hub}";
        Assert.Equal(hook, CommandLine.Parse(["--services", "--upstream", hook])!.Upstream);
    }

    [Fact]
    public void Parse_ServicesWithAFeed_IsRefused() =>
        Assert.Throws<FormatException>(() => CommandLine.Parse(["--services", "--feed", "demo"]));
}
