using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Giveaways.Draw;

/// <summary>
/// The hashes of the scheme <c>finvault-draw-1</c>, which docs/draw.md describes for anybody who wants to check a draw
/// with a program of their own. Every hash is SHA-256 or HMAC-SHA-256, and begins with a line that says what it is of,
/// so that none can pass for another. Hashes are written as 64 lower-case hexadecimal digits.
/// </summary>
public static class DrawScheme
{
    public const string Name = "finvault-draw-1";

    /// <summary>Bytes of the server's seed, and of every hash.</summary>
    public const int Bytes = SHA256.HashSizeInBytes;

    private const int MaxIdLength = 64;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>1 to 64 of <c>A–Z a–z 0–9 _ -</c>: none needs escaping, and all languages sort them alike.</summary>
    public static bool IsId(string? id) =>
        id is { Length: > 0 and <= MaxIdLength } && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>H(serverSeed), with the rules inside.</summary>
    public static string Commitment(ReadOnlySpan<byte> serverSeed, DrawRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Hex(Hash("commitment", serverSeed, Encoding.UTF8.GetBytes(rules.ToText())));
    }

    /// <summary>H(serverSeed ‖ entryRoot ‖ randomness): what every choice follows from.</summary>
    public static byte[] Seed(ReadOnlySpan<byte> serverSeed, ReadOnlySpan<byte> entryRoot, ReadOnlySpan<byte> randomness) =>
        Hash("seed", serverSeed, entryRoot, randomness);

    /// <summary>H(seed ‖ k), for the k-th replacement; k counts from 1.</summary>
    public static byte[] RerollSeed(ReadOnlySpan<byte> seed, int number)
    {
        Span<byte> big = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(big, (uint)number);
        return Hash("reroll", seed, big);
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>The mode as it is written in the rules' text and in JSON.</summary>
    internal static string NameOf(DrawMode mode) => mode switch
    {
        DrawMode.Draw => "draw",
        DrawMode.Condition => "condition",
        DrawMode.SlotMachine => "slotMachine",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
    };

    /// <inheritdoc cref="NameOf(DrawMode)"/>
    internal static string NameOf(DrawOdds odds) => odds == DrawOdds.Equal ? "equal" : "weighted";

    /// <summary>HMAC-SHA-256 of <c>finvault-draw-1/PURPOSE</c>, a line feed, and the data.</summary>
    internal static byte[] Mac(ReadOnlySpan<byte> key, string purpose, ReadOnlySpan<byte> data)
    {
        byte[] message = [.. Label(purpose), .. data];
        return HMACSHA256.HashData(key, message);
    }

    private static byte[] Hash(
        string purpose, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default)
    {
        byte[] message = [.. Label(purpose), .. first, .. second, .. third];
        return SHA256.HashData(message);
    }

    private static byte[] Label(string purpose) => Encoding.ASCII.GetBytes($"{Name}/{purpose}\n");
}
