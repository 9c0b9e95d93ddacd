using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;

namespace FinVault.Tests.Platform.RateLimits;

public sealed class CallerFingerprintTests
{
    [Theory]
    [InlineData("curl/8.5.0", true)]
    [InlineData("Wget/1.21", true)]
    [InlineData("python-requests/2.32", true)]
    [InlineData("Python/3.12 aiohttp/3.9", true)]
    [InlineData("PostmanRuntime/7.39", true)]
    [InlineData("axios/1.7.2", true)]
    [InlineData("Java/21.0.1", true)]
    [InlineData("libwww-perl/6.72", true)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0 Safari/537.36", true)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", false)]
    [InlineData("Mozilla/5.0 (Macintosh) JavaScriptCore Version/18.0 Safari/605.1", false)]
    [InlineData("", false)]
    public void Agent_ThatSaysItIsAProgram_IsSeen(string agent, bool isProgram) =>
        Assert.Equal(isProgram, CallerFingerprint.IsProgram(agent));

    [Fact]
    public void Fingerprint_TellsAddressesAndBrowsersApart()
    {
        string one = CallerFingerprint.Of(Request("Firefox", "en"), "203.0.113.7");
        Assert.Equal(one, CallerFingerprint.Of(Request("Firefox", "en"), "203.0.113.7"));
        Assert.NotEqual(one, CallerFingerprint.Of(Request("Firefox", "en"), "203.0.113.8"));
        Assert.NotEqual(one, CallerFingerprint.Of(Request("Firefox", "de"), "203.0.113.7"));
        Assert.NotEqual(one, CallerFingerprint.Of(Request("Safari", "en"), "203.0.113.7"));
    }

    private static HttpRequest Request(string agent, string language)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Headers.UserAgent = agent;
        request.Headers.AcceptLanguage = language;
        return request;
    }
}
