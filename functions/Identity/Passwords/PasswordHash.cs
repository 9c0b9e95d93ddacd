using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Identity;

/// <summary>How a password compares with a stored hash.</summary>
public enum PasswordMatch
{
    No,
    Yes,

    /// <summary>It matches, and the hash was made with fewer rounds or another pepper than now: make it anew.</summary>
    YesButWeak,
}

/// <summary>
/// PBKDF2-HMAC-SHA-512 (RFC 8018), written so that it says how it was made:
/// <c>$pbkdf2-sha512$i=ROUNDS$SALT$HASH</c>, base64, and <c>i=ROUNDS,k=KEY</c> where it has a pepper too. OWASP's Password
/// Storage Cheat Sheet asks for 210,000 rounds.
/// </summary>
public static class PasswordHash
{
    public const int Rounds = 220_000;

    private const string Algorithm = "pbkdf2-sha512";
    private const int MaxRounds = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 64;

    public static string Make(string password, int rounds = Rounds, PasswordPepper? pepper = null)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] hash = Derive(password, salt, rounds);
        string key = pepper is null ? "" : $",k={pepper.Current}";
        hash = pepper?.Add(pepper.Current, hash) ?? hash;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"${Algorithm}$i={rounds}{key}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <exception cref="FormatException">What was stored is no such hash.</exception>
    /// <exception cref="CryptographicException">It has a pepper that is not there any more.</exception>
    public static PasswordMatch Check(string stored, string password, int rounds = Rounds, PasswordPepper? pepper = null)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (stored.Split('$') is not ["", Algorithm, ['i', '=', .. var how], var salt, var hash]
            || how.Split(",k=") is not [var count, .. { Length: <= 1 } key]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int made)
            || made is 0 or > MaxRounds)
        {
            throw new FormatException("The stored password hash cannot be read.");
        }

        byte[] expected = Convert.FromBase64String(hash);
        byte[] actual = Derive(password, Convert.FromBase64String(salt), made);
        if (key is [var name])
        {
            actual = pepper?.Add(name, actual) ?? throw new CryptographicException("There is no pepper.");
        }

        return !CryptographicOperations.FixedTimeEquals(expected, actual) ? PasswordMatch.No
            : made < rounds || key.FirstOrDefault() != pepper?.Current ? PasswordMatch.YesButWeak
            : PasswordMatch.Yes;
    }

    // Keyboards write é as one character or as two; NFKC makes them one password (NIST SP 800-63B, 5.1.1.2).
    private static byte[] Derive(string password, byte[] salt, int rounds) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), salt, rounds, HashAlgorithmName.SHA512, HashBytes);
}
