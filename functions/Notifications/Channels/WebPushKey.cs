using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FinVault.Notifications;

/// <summary>
/// Who FinVault is to push services: a key of P-256, of which browsers are given the public half, and a signed token for
/// each push service (VAPID, RFC 8292). Settings <c>WebPush__PrivateKey</c> (the private number, 32 bytes as base64url)
/// and <c>WebPush__Subject</c> (where the operator is reached, <c>mailto:</c> or <c>https:</c>).
/// </summary>
public sealed class WebPushKey : IDisposable
{
    public const string Section = "WebPush";

    private const string PrivateKey = "PrivateKey";
    private const string Subject = "Subject";

    // RFC 8292 allows a day.
    private static readonly TimeSpan Life = TimeSpan.FromHours(12);

    private readonly IConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly Lazy<ECDsa?> _key;

    public WebPushKey(IConfiguration configuration, TimeProvider time)
    {
        (_configuration, _time) = (configuration, time);
        _key = new(Read);
    }

    /// <summary>Every setting that Azure must have; the key is a reference to a vault.</summary>
    public static IReadOnlyList<string> Settings { get; } = [PrivateKey, Subject];

    /// <summary>An uncompressed point as base64url, for <c>applicationServerKey</c>; null where no key is set.</summary>
    public string? Public => _key.Value is { } key
        ? Base64Url.EncodeToString(PushEncryption.PointOf(key.ExportParameters(false)))
        : null;

    /// <summary>The header <c>Authorization</c> for a push service.</summary>
    /// <param name="endpoint">A subscription's.</param>
    /// <exception cref="InvalidOperationException">No key is set.</exception>
    public string Authorize(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ECDsa key = _key.Value ?? throw new InvalidOperationException($"Set '{Section}__{PrivateKey}'.");
        string head = Encode(new { typ = "JWT", alg = "ES256" });
        string claims = Encode(new
        {
            aud = endpoint.GetLeftPart(UriPartial.Authority),
            exp = (_time.GetUtcNow() + Life).ToUnixTimeSeconds(),
            sub = _configuration[$"{Section}:{Subject}"],
        });
        byte[] signature = key.SignData(
            Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"vapid t={head}.{claims}.{Base64Url.EncodeToString(signature)}, k={Public}";
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value?.Dispose();
        }
    }

    private ECDsa? Read() => _configuration[$"{Section}:{PrivateKey}"] is { Length: > 0 } text
        ? ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, D = Base64Url.DecodeFromChars(text),
        })
        : null;

    private static string Encode<T>(T part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
