using System.Text.Json.Serialization;
using FinVault.Audit;

namespace FinVault.Platform.Idempotency;

/// <summary>An answer that was given to a call with an <c>Idempotency-Key</c>.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Null where there is no body.</param>
/// <param name="Body">JSON.</param>
/// <param name="RetryAfter">The <c>Retry-After</c> header, in seconds, if it had one.</param>
public sealed record StoredAnswer(int Status, string? ContentType, string Body, int? RetryAfter);

/// <summary>One use of a key: begun, and later answered.</summary>
/// <param name="Id">SHA-256 of the key, hexadecimal.</param>
/// <param name="Scope">Tenant and function: the same key of another tenant or for another function is another key.</param>
/// <param name="Fingerprint">SHA-256 of user, path, query and body.</param>
/// <param name="Call">The call that works on it, so that one that was taken for dead cannot answer for another.</param>
/// <param name="StartedAt">When that call began.</param>
/// <param name="Answer">Null while that call runs.</param>
/// <param name="Ttl">Seconds that it is kept.</param>
[NotAudited("It lives for a day, and repeats what was done.")]
internal sealed record IdempotencyRecord(
    string Id, string Scope, string Fingerprint, string Call, DateTimeOffset StartedAt, StoredAnswer? Answer, int Ttl)
{
    [JsonPropertyName("_etag")]
    public string? ETag { get; init; }
}
