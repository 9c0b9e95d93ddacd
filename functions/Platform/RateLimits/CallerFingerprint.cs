using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace FinVault.Platform.RateLimits;

/// <summary>What can be known of a caller who has not signed in (SEC-03, SEC-04).</summary>
public static partial class CallerFingerprint
{
    /// <summary>
    /// What a browser cannot help sending, hashed: so changing addresses is not enough, and one address is not all.
    /// </summary>
    /// <param name="address">By <see cref="ClientAddress"/>: behind a proxy the connection's is the proxy's.</param>
    public static string Of(HttpRequest request, string address)
    {
        ArgumentNullException.ThrowIfNull(request);
        IHeaderDictionary headers = request.Headers;
        string text = $"{address}\n{headers.UserAgent}\n{headers.AcceptLanguage}\n{headers.AcceptEncoding}\n{headers.Accept}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    /// <summary>Whether the caller says that it is a program, or a browser that a program drives.</summary>
    public static bool IsProgram(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return IsProgram(request.Headers.UserAgent.ToString());
    }

    public static bool IsProgram(string agent) => Program().IsMatch(agent);

    // Whole words, since 'java' is in JavaFX and 'perl' in superlative.
    [GeneratedRegex(
        @"\b(curl|wget|python|aiohttp|httpx|scrapy|postman\w*|insomnia|go-http-client|libwww|libwww-perl|httpie|okhttp"
        + @"|java|axios|node-fetch|ruby|perl|headless\w*|phantomjs|selenium)\b|\bpython-",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Program();
}
