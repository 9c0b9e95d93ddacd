using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Identity;

/// <summary>The data key of one user or tenant (AES-256-GCM, HMAC-SHA-256).</summary>
public sealed class DataKey
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int FingerprintBytes = 12;

    private readonly byte[] _cipher;
    private readonly byte[] _mac;

    internal DataKey(byte[] key)
    {
        _cipher = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, info: "cipher"u8.ToArray());
        _mac = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, info: "fingerprint"u8.ToArray());
    }

    internal static byte[] NewBytes() => RandomNumberGenerator.GetBytes(KeyBytes);

    /// <summary>Base64url of nonce, tag and text.</summary>
    /// <param name="place">What it is opened with again; nothing can be moved elsewhere.</param>
    public string Close(string text, string place)
    {
        byte[] plain = Encoding.UTF8.GetBytes(text);
        byte[] closed = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(closed.AsSpan(0, NonceBytes));
        using AesGcm cipher = new(_cipher, TagBytes);
        cipher.Encrypt(
            closed.AsSpan(0, NonceBytes), plain, closed.AsSpan(NonceBytes + TagBytes), closed.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(place));
        return Base64Url.EncodeToString(closed);
    }

    /// <exception cref="CryptographicException">It was changed, moved, or closed with another key.</exception>
    public string Open(string closed, string place)
    {
        byte[] box = Base64Url.DecodeFromChars(closed);
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("It is too short to be anything.");
        }

        byte[] plain = new byte[box.Length - NonceBytes - TagBytes];
        using AesGcm cipher = new(_cipher, TagBytes);
        cipher.Decrypt(
            box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), plain,
            Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>The same for the same secret, and of no use to whoever guesses without the key.</summary>
    public string Fingerprint(string secret) => Base64Url.EncodeToString(
        HMACSHA256.HashData(_mac, Encoding.UTF8.GetBytes(secret)).AsSpan(0, FingerprintBytes));
}
