using Microsoft.AspNetCore.Http;

namespace FinVault.Platform;

/// <summary>
/// What every answer tells a browser (OWASP Secure Headers): the API's answers are data, never pages, so nothing in
/// them is run, framed or guessed at. Azure's front end adds its own on top.
/// </summary>
internal static class SecurityHeaders
{
    private const string ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    private const string StrictTransport = "max-age=31536000; includeSubDomains";

    public static void Set(HttpContext http)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = StrictTransport;
        }
    }
}
