using Microsoft.AspNetCore.Http;

namespace FinVault.Platform;

/// <summary>
/// The id that ties together everything done for one request: logs, traces, problems, and what is queued for later.
/// A caller may send one (<c>x-correlation-id</c>, at most 64 of <c>A–Z a–z 0–9 . _ -</c>); any other is replaced.
/// </summary>
public static class Correlation
{
    public const string Header = "x-correlation-id";

    /// <summary>Its name in log scopes, activity tags and baggage, and in messages.</summary>
    public const string Property = "correlationId";

    public const int MaxLength = 64;

    private static readonly AsyncLocal<string?> Flow = new();
    private static readonly object ItemKey = new();

    /// <summary>The id of the invocation that this code runs for; empty outside of one.</summary>
    public static string Current
    {
        get => Flow.Value ?? "";
        internal set => Flow.Value = value;
    }

    /// <summary>A new id: 32 hexadecimal digits.</summary>
    public static string New() => Guid.NewGuid().ToString("N");

    /// <summary>
    /// Takes the request's own id if it is acceptable, else a new one, and keeps it with the request.
    /// </summary>
    public static string Accept(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        string? sent = http.Request.Headers[Header];
        string id = IsValid(sent) ? sent! : New();
        http.Items[ItemKey] = id;
        return id;
    }

    /// <summary>The id that <see cref="Accept"/> kept with this request.</summary>
    public static string Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Items.TryGetValue(ItemKey, out object? id) ? (string)id! : Accept(http);
    }

    // What a caller sends ends up in logs and headers, so nothing but plain id characters is let through.
    internal static bool IsValid(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
