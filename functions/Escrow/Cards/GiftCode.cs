using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace FinVault.Escrow;

/// <summary>
/// The codes of gift cards: <c>XXXX-XXXX-XXXX-XXXX</c>, 15 digits of Crockford's base 32 (75 bits) and a check digit by
/// Luhn modulo 32, which finds every single wrong digit and most that changed places. A code is derived from its escrow
/// by HMAC-SHA256, so it can be shown again and stands nowhere; what is stored is another HMAC, of the code.
/// </summary>
public sealed class GiftCode(IConfiguration configuration)
{
    /// <summary>The setting that holds the key, base64, 32 bytes or more. Whoever has it can make codes.</summary>
    public const string KeySetting = "GiftCardKey";

    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 16;
    private const int Group = 4;
    private const int MinKeyBytes = 32;

    private readonly Lazy<byte[]> _key = new(() => ReadKey(configuration));

    /// <summary>The code of an escrow's card, the same each time.</summary>
    public string Of(string escrowId)
    {
        byte[] bits = Mac("code", escrowId);
        char[] digits = new char[Length];
        for (int i = 0; i < Length - 1; i++)
        {
            // A digit takes five bits of a byte, which keeps each of the 32 as likely as the others.
            digits[i] = Digits[bits[i] & 31];
        }

        digits[^1] = Check(digits.AsSpan(0, Length - 1));
        return string.Join('-', digits.Chunk(Group).Select(group => new string(group)));
    }

    /// <summary>What is stored of a code, hexadecimal.</summary>
    public string HashOf(string normalized) => Convert.ToHexStringLower(Mac("hash", normalized));

    /// <summary>
    /// The 16 digits of what somebody typed: without hyphens and spaces, upper case, O as 0, I and L as 1. Null when it
    /// is no code, or its check digit is wrong.
    /// </summary>
    public static string? Normalize(string? typed)
    {
        if (typed is null or { Length: > 64 })
        {
            return null;
        }

        char[] digits = [.. typed.ToUpperInvariant().Where(c => c is not ('-' or ' ')).Select(Unambiguous)];
        bool valid = digits.Length == Length && digits.All(Digits.Contains)
            && Check(digits.AsSpan(0, Length - 1)) == digits[^1];
        return valid ? new string(digits) : null;
    }

    private static char Unambiguous(char typed) => typed switch { 'O' => '0', 'I' or 'L' => '1', _ => typed };

    // ISO/IEC 7812-1 annex B, with 32 in place of 10.
    private static char Check(ReadOnlySpan<char> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int value = Digits.IndexOf(digits[i], StringComparison.Ordinal) * ((digits.Length - i) % 2 == 1 ? 2 : 1);
            sum += (value / Digits.Length) + (value % Digits.Length);
        }

        return Digits[(Digits.Length - (sum % Digits.Length)) % Digits.Length];
    }

    private byte[] Mac(string purpose, string text) =>
        HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes($"{purpose}\n{text}"));

    private static byte[] ReadKey(IConfiguration configuration)
    {
        byte[] key = Convert.FromBase64String(configuration[KeySetting] ?? "");
        return key.Length >= MinKeyBytes
            ? key
            : throw new InvalidOperationException($"{KeySetting} must hold {MinKeyBytes} bytes or more, base64.");
    }
}
