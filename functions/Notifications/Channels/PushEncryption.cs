using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FinVault.Notifications;

/// <summary>
/// Message encryption for web push (RFC 8291), in one record of the content coding <c>aes128gcm</c> (RFC 8188).
/// </summary>
public static class PushEncryption
{
    /// <summary>A push service takes 4,096 bytes; header, delimiter and tag are taken off.</summary>
    public const int MaxPlaintext = 3993;

    public const int PointBytes = 65;
    public const int SecretBytes = 16;

    private const int SaltBytes = 16;
    private const int RecordSize = 4096;
    private const int KeyBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HashBytes = 32;
    private const int CoordinateBytes = 32;
    private const byte Uncompressed = 4;
    private const byte LastRecord = 2;

    /// <summary>Encrypts for a browser, with a key and salt of this message's own.</summary>
    /// <param name="plaintext">At most <see cref="MaxPlaintext"/> bytes.</param>
    /// <param name="receiver">The browser's public key, an uncompressed point.</param>
    /// <param name="secret">The browser's authentication secret.</param>
    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public static byte[] Encrypt(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> secret)
    {
        using ECDiffieHellman sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(plaintext, receiver, secret, sender, RandomNumberGenerator.GetBytes(SaltBytes));
    }

    /// <summary>The same with a given key and salt.</summary>
    internal static byte[] Encrypt(
        ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> secret, ECDiffieHellman sender,
        ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, MaxPlaintext);
        byte[] own = PointOf(sender.ExportParameters(false));
        using ECDiffieHellman other = ECDiffieHellman.Create(ParametersOf(receiver));
        byte[] shared = sender.DeriveRawSecretAgreement(other.PublicKey);
        byte[] keyInfo = [.. "WebPush: info\0"u8, .. receiver, .. own];
        byte[] material = new byte[HashBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, material, secret, keyInfo);
        Span<byte> key = stackalloc byte[KeyBytes];
        Span<byte> nonce = stackalloc byte[NonceBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, key, salt, "Content-Encoding: aes128gcm\0"u8);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, nonce, salt, "Content-Encoding: nonce\0"u8);

        int header = SaltBytes + sizeof(uint) + 1 + PointBytes;
        byte[] body = new byte[header + plaintext.Length + 1 + TagBytes];
        salt.CopyTo(body);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltBytes), RecordSize);
        body[SaltBytes + sizeof(uint)] = PointBytes;
        own.CopyTo(body, SaltBytes + sizeof(uint) + 1);
        using AesGcm cipher = new(key, TagBytes);
        cipher.Encrypt(
            nonce, [.. plaintext, LastRecord], body.AsSpan(header, plaintext.Length + 1), body.AsSpan(body.Length - TagBytes));
        return body;
    }

    /// <summary>Whether it is an uncompressed point of P-256.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> point)
    {
        if (point.Length != PointBytes || point[0] != Uncompressed)
        {
            return false;
        }

        try
        {
            using ECDiffieHellman key = ECDiffieHellman.Create(ParametersOf(point));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    internal static byte[] PointOf(ECParameters key) => [Uncompressed, .. key.Q.X!, .. key.Q.Y!];

    private static ECParameters ParametersOf(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new()
        {
            X = point.Slice(1, CoordinateBytes).ToArray(),
            Y = point[(1 + CoordinateBytes)..].ToArray(),
        },
    };
}
