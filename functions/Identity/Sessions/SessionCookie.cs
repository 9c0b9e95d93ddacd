using FinVault.Platform;
using Microsoft.AspNetCore.Http;

namespace FinVault.Identity;

/// <summary>
/// Where a browser keeps its refresh token: in a cookie that no script can read, no other site's page sends, and only the
/// routes of signing in read. A client asks for that by the header <c>X-Session-Cookie: 1</c> at every call that gives or
/// takes a refresh token; since no form of another site can set a header, one that is made to call cannot refresh.
/// Clients that are no browsers leave the header out and find the token in the answer.
/// </summary>
internal static class SessionCookie
{
    public const string Header = "X-Session-Cookie";
    public const string Name = "finvault-refresh";

    /// <summary>
    /// By https no other host of the domain can set it, nor anybody without https (RFC 6265bis, 4.1.3.2); browsers ask the
    /// path / for that.
    /// </summary>
    public const string SecureName = $"__Host-{Name}";

    private const string Path = "/api/v1/auth";

    /// <summary>Moves the refresh token of an answer into the cookie, where the client asks for that.</summary>
    public static SessionGrant Keep(HttpRequest request, SessionGrant grant)
    {
        if (!IsAskedFor(request) || grant.RefreshToken is not { } token)
        {
            return grant;
        }

        request.HttpContext.Response.Cookies.Append(NameFor(request), token, Options(request, grant.RefreshExpiresAt));
        return grant with { RefreshToken = null };
    }

    /// <inheritdoc cref="Keep(HttpRequest, SessionGrant)"/>
    public static SignInAnswer Keep(HttpRequest request, SignInAnswer answer) =>
        answer.Session is { } session ? answer with { Session = Keep(request, session) } : answer;

    /// <summary>The refresh token of a request: its cookie's where the client keeps it there, else its body's.</summary>
    /// <exception cref="ProblemException">invalid_token: there is none.</exception>
    public static string Read(HttpRequest request, string? sent) =>
        (IsAskedFor(request) ? request.Cookies[NameFor(request)] : sent)
        ?? throw Problems.InvalidToken.With("There is no refresh token. Sign in again.");

    public static void Forget(HttpRequest request)
    {
        if (IsAskedFor(request))
        {
            request.HttpContext.Response.Cookies.Delete(NameFor(request), Options(request, null));
        }
    }

    private static bool IsAskedFor(HttpRequest request) => request.Headers[Header] == "1";

    private static string NameFor(HttpRequest request) => IsSecure(request) ? SecureName : Name;

    // The platform ends https in front of the app. Who says so falsely harms their own cookie.
    private static bool IsSecure(HttpRequest request) =>
        request.IsHttps || request.Headers["X-Forwarded-Proto"].ToString().StartsWith("https", StringComparison.OrdinalIgnoreCase);

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // A local host has no certificate; everywhere else the platform lets nothing in but https.
        Secure = IsSecure(request),
        Path = IsSecure(request) ? "/" : Path,
        Expires = expires,
        IsEssential = true,
    };
}
