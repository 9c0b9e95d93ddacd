using FinVault.Platform;
using Microsoft.AspNetCore.Http;

namespace FinVault.Identity;

/// <summary>Who is behind an <c>Authorization</c> header: a session or an API key.</summary>
public sealed class Callers(SessionTokens tokens, SessionGuard sessions, ApiKeys keys)
{
    private const string Scheme = "Bearer ";

    /// <summary>The token that a request carries; null for none.</summary>
    public static string? TokenOf(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? header = request.Headers.Authorization;
        return header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
    }

    /// <summary>Null when the token is nobody's, or no longer.</summary>
    public async ValueTask<CurrentUser?> FindAsync(string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.StartsWith(ApiKeys.Prefix, StringComparison.Ordinal)
            ? await keys.FindAsync(token, cancellationToken)
            : tokens.ReadAccess(token) is { } content
                ? await sessions.AdmitAsync(token, content, cancellationToken)
                : null;
    }
}
