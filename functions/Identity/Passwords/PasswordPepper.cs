using System.Security.Cryptography;
using System.Text;

namespace FinVault.Identity;

/// <summary>
/// A secret that every password's hash is made with beside its salt (OWASP ASVS 2.4.5): who has the store alone cannot try
/// passwords. It follows from the keys of secrets, and is named in the hash, so that keys can be rotated; the next sign-in
/// makes the hash anew.
/// </summary>
public sealed class PasswordPepper(IdentityOptions options)
{
    private const int Bytes = 64;

    private readonly Lazy<KeyRing> _keys = new(() =>
        KeyRing.Parse($"{IdentityOptions.Section}__{nameof(options.SecretKeys)}", options.SecretKeys));

    /// <summary>The key that is used now, as it is named in a hash.</summary>
    internal string Current => Uri.EscapeDataString(_keys.Value.Current.Id);

    /// <exception cref="CryptographicException">Its key is among the settings no more.</exception>
    internal byte[] Add(string key, byte[] hash)
    {
        NamedKey found = _keys.Value.Find(Uri.UnescapeDataString(key))
            ?? throw new CryptographicException($"The key '{key}' is not among the settings any more.");
        byte[] pepper = HKDF.DeriveKey(
            HashAlgorithmName.SHA512, found.Bytes, Bytes, info: Encoding.UTF8.GetBytes("finvault password pepper"));
        return HMACSHA512.HashData(pepper, hash);
    }
}
