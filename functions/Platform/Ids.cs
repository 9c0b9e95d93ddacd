using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Platform;

/// <summary>
/// Ids of the form <c>PREFIX_ULID</c>: 48 bits of Unix milliseconds and 80 random bits as 26 Crockford base-32 digits
/// (github.com/ulid/spec), so ids sort by time. Ids made in the same millisecond by one process sort by creation.
/// </summary>
public static class Ids
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly SearchValues<char> DigitSet = SearchValues.Create(Digits);
    private const int UlidLength = 26;
    private const int RandomBytes = 10;

    private static readonly Lock Gate = new();
    private static readonly byte[] LastRandom = new byte[RandomBytes];
    private static long _lastMilliseconds = -1;

    /// <summary>A new id, e.g. <c>Ids.New("EVENT", time)</c> → <c>EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV</c>.</summary>
    public static string New(string prefix, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return New(prefix, time.GetUtcNow());
    }

    /// <inheritdoc cref="New(string, TimeProvider)"/>
    public static string New(string prefix, DateTimeOffset time)
    {
        long milliseconds = time.ToUnixTimeMilliseconds();
        Span<byte> random = stackalloc byte[RandomBytes];
        lock (Gate)
        {
            if (milliseconds != _lastMilliseconds || !Increment(LastRandom))
            {
                RandomNumberGenerator.Fill(LastRandom);
                // Room to count up: an overflow within one millisecond stays out of reach.
                LastRandom[0] &= 0x7F;
                _lastMilliseconds = milliseconds;
            }

            LastRandom.CopyTo(random);
        }

        return Format(prefix, milliseconds, random);
    }

    /// <summary>
    /// The same id for the same prefix, time and seed: what a retry needs to name the thing it may have made already.
    /// </summary>
    public static string Derive(string prefix, DateTimeOffset time, ReadOnlySpan<byte> seed)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(prefix + "_"));
        hash.AppendData(seed);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return Format(prefix, time.ToUnixTimeMilliseconds(), digest[..RandomBytes]);
    }

    /// <summary>
    /// True if <paramref name="id"/> has the form of an id with this prefix; for checking what a caller sends.
    /// </summary>
    public static bool IsValid(string? id, string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return id is not null
            && id.Length == prefix.Length + 1 + UlidLength
            && id.StartsWith(prefix, StringComparison.Ordinal)
            && id[prefix.Length] == '_'
            // The first digit holds the top 3 bits of the time only.
            && id[prefix.Length + 1] <= '7'
            && !id.AsSpan(prefix.Length + 1).ContainsAnyExcept(DigitSet);
    }

    private static string Format(string prefix, long milliseconds, ReadOnlySpan<byte> random)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        UInt128 bits = ((UInt128)(ulong)milliseconds << 80)
            | ((UInt128)BinaryPrimitives.ReadUInt16BigEndian(random) << 64)
            | BinaryPrimitives.ReadUInt64BigEndian(random[2..]);
        Span<char> digits = stackalloc char[UlidLength];
        for (int i = UlidLength - 1; i >= 0; i--)
        {
            digits[i] = Digits[(int)(bits & 31)];
            bits >>= 5;
        }

        return $"{prefix}_{digits}";
    }

    private static bool Increment(Span<byte> number)
    {
        for (int i = number.Length - 1; i >= 0; i--)
        {
            if (++number[i] != 0)
            {
                return true;
            }
        }

        return false;
    }
}
