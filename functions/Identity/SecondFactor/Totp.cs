using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Identity;

/// <summary>Time-based one-time codes: RFC 6238 with SHA-1, 6 digits and steps of 30 s, as every authenticator app has.</summary>
public static class Totp
{
    public const int StepSeconds = 30;
    public const int SecretBytes = 20;

    private const int Digits = 6;
    private const int Window = 1;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a step.</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238's default, and HMAC does not ask its hash to resist collisions.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        int offset = hash[^1] & 0xF;
        int number = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & int.MaxValue;
        return (number % 1_000_000).ToString($"D{Digits}", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The step that a code is of, one to either side of now for clocks that differ; null when it is of none, or of none
    /// later than <paramref name="last"/>: no code counts twice.
    /// </summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset now, long last)
    {
        long? found = null;
        for (long step = StepAt(now) - Window; step <= StepAt(now) + Window; step++)
        {
            // All are looked at, so that the time taken does not tell which it was.
            if (Guard.Same(Code(secret, step), code) && step > last)
            {
                found ??= step;
            }
        }

        return found;
    }

    /// <summary>Base 32 without padding (RFC 4648), as apps take a secret that is typed in.</summary>
    public static string Encode(ReadOnlySpan<byte> secret)
    {
        StringBuilder text = new();
        int bits = 0;
        int held = 0;
        foreach (byte one in secret)
        {
            held = (held << 8) | one;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[(held >> bits) & 31]);
            }
        }

        return bits > 0 ? text.Append(Alphabet[(held << (5 - bits)) & 31]).ToString() : text.ToString();
    }
}
