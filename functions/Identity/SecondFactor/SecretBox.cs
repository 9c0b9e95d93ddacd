using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Identity;

/// <summary>
/// Encrypts small secrets that must be read again (AES-256-GCM), bound to whose they are: <c>kid.BASE64URL</c> of nonce,
/// tag and text.
/// </summary>
public sealed class SecretBox(IdentityOptions options)
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly Lazy<KeyRing> _keys = new(() =>
        KeyRing.Parse($"{IdentityOptions.Section}__{nameof(options.SecretKeys)}", options.SecretKeys));

    public string Close(ReadOnlySpan<byte> secret, string owner)
    {
        NamedKey key = _keys.Value.Current;
        byte[] box = new byte[NonceBytes + TagBytes + secret.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using AesGcm cipher = new(key.Bytes.AsSpan(0, KeyBytes), TagBytes);
        cipher.Encrypt(
            box.AsSpan(0, NonceBytes), secret, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(owner));
        return $"{key.Id}.{Base64Url.EncodeToString(box)}";
    }

    /// <exception cref="CryptographicException">It is another's, was changed, or its key is gone.</exception>
    public byte[] Open(string closed, string owner)
    {
        ArgumentNullException.ThrowIfNull(closed);
        int dot = closed.IndexOf('.');
        NamedKey key = _keys.Value.Find(closed[..dot])
            ?? throw new CryptographicException($"The key '{closed[..dot]}' is not among the settings any more.");
        byte[] box = Base64Url.DecodeFromChars(closed.AsSpan(dot + 1));
        byte[] secret = new byte[box.Length - NonceBytes - TagBytes];
        using AesGcm cipher = new(key.Bytes.AsSpan(0, KeyBytes), TagBytes);
        cipher.Decrypt(
            box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), secret,
            Encoding.UTF8.GetBytes(owner));
        return secret;
    }
}
