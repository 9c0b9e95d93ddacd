using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Escrow;

/// <summary>
/// Signs webhooks and checks their signatures, in and out alike: <c>Webhook-Signature: t=1700000000,v1=HEX</c>, where
/// <c>v1</c> is HMAC-SHA256 over the timestamp (Unix seconds), a full stop and the raw body. There may be more than one
/// <c>v1</c> while the sender changes its secret, and more than one secret while the receiver does. The scheme is that
/// of Stripe (docs.stripe.com/webhooks/signature).
/// </summary>
public static class WebhookSignature
{
    public const string Header = "Webhook-Signature";

    /// <summary>How far the timestamp may be from our clock; what was recorded cannot be sent again later.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private const int MaxHeaderLength = 1024;
    private const int MaxSignatures = 4;

    /// <summary>The header's value.</summary>
    public static string Write(DateTimeOffset at, ReadOnlySpan<byte> body, params ReadOnlySpan<string> secrets)
    {
        string stamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        StringBuilder header = new($"t={stamp}");
        foreach (string secret in secrets)
        {
            header.Append(",v1=").Append(Convert.ToHexStringLower(Compute(secret, stamp, body)));
        }

        return header.ToString();
    }

    /// <summary>Whether one of the secrets signed this body within the tolerance of <paramref name="now"/>.</summary>
    public static bool IsValid(string? header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (Read(header) is not var (stamp, signatures))
        {
            return false;
        }

        // Every pair is compared, and each in constant time: how long it takes tells nothing.
        bool valid = false;
        foreach (string secret in secrets)
        {
            byte[] expected = Compute(secret, stamp, body);
            foreach (byte[] signature in signatures)
            {
                valid |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return valid && long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= Tolerance.TotalSeconds;
    }

    private static byte[] Compute(string secret, string stamp, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes(stamp));
        hash.AppendData("."u8);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static (string Stamp, List<byte[]> Signatures)? Read(string? header)
    {
        string? stamp = null;
        List<byte[]> signatures = [];
        foreach (string part in header is { Length: <= MaxHeaderLength } ? header.Split(',') : [])
        {
            switch (part.Trim().Split('=', 2))
            {
                case ["t", { Length: > 0 and < 16 } seconds] when stamp is null && seconds.All(char.IsAsciiDigit):
                    stamp = seconds;
                    break;
                case ["v1", { Length: 64 } hex] when hex.All(char.IsAsciiHexDigit) && signatures.Count < MaxSignatures:
                    signatures.Add(Convert.FromHexString(hex));
                    break;
                default:
                    // Later versions of the scheme stand beside this one.
                    break;
            }
        }

        return stamp is null || signatures.Count == 0 ? null : (stamp, signatures);
    }
}
