using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Identity;

/// <summary>Secrets that are handed out once and kept as hashes only.</summary>
internal static class Guard
{
    private const int SecretBytes = 32;

    /// <summary>256 random bits, base64url: nobody guesses it, so its plain SHA-256 is enough to keep.</summary>
    public static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>SHA-256 as 64 lower-case hexadecimal digits.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
