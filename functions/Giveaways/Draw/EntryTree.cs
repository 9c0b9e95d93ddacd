using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Giveaways.Draw;

/// <summary>One entry, as it is published: who it is of is behind its id, which only its owner knows.</summary>
/// <param name="Id">Unique in the draw.</param>
/// <param name="Weight">Its share of the odds, 1 to <see cref="MaxWeight"/>.</param>
/// <param name="Points">In condition mode, what its tasks brought; else 0.</param>
/// <param name="CompletedAtMilliseconds">In condition mode, Unix milliseconds of its last point; else 0.</param>
public sealed record DrawEntry(string Id, long Weight = 1, long Points = 0, long CompletedAtMilliseconds = 0)
{
    public const long MaxWeight = 1_000_000;

    /// <summary>The leaf's text: <c>id|weight|points|completedAtMilliseconds</c>.</summary>
    public string ToText() =>
        string.Create(CultureInfo.InvariantCulture, $"{Id}|{Weight}|{Points}|{CompletedAtMilliseconds}");

    /// <summary>The order of the tree: by id, code unit by code unit.</summary>
    public static DrawEntry[] InOrder(IEnumerable<DrawEntry> entries) =>
        [.. entries.OrderBy(entry => entry.Id, StringComparer.Ordinal)];

    /// <summary>What is wrong with the entries, in a sentence; null when they can be drawn from.</summary>
    internal static string? Fault(IReadOnlyList<DrawEntry> ordered, DrawOdds odds)
    {
        for (int i = 0; i < ordered.Count; i++)
        {
            DrawEntry entry = ordered[i];
            if (!DrawScheme.IsId(entry.Id) || entry.Points < 0 || entry.CompletedAtMilliseconds < 0
                || entry.Weight is < 1 or > MaxWeight || (odds == DrawOdds.Equal && entry.Weight != 1))
            {
                return $"Entry {i} ({entry.Id}) is not valid.";
            }

            if (i > 0 && string.CompareOrdinal(ordered[i - 1].Id, entry.Id) >= 0)
            {
                return $"Entry {i} ({entry.Id}) is out of order.";
            }
        }

        return null;
    }
}

/// <summary>
/// The Merkle tree of the entries, as RFC 6962 section 2.1 has it: a leaf is H(0x00 ‖ text), a node H(0x01 ‖ left ‖
/// right), and a tree of n leaves splits at the largest power of two below n. No entries: H of nothing.
/// </summary>
public sealed class EntryTree
{
    // _levels[0] are the leaves. A node without a sibling is carried up as it is, which gives RFC 6962's tree.
    private readonly List<byte[][]> _levels = [];

    public EntryTree(IEnumerable<DrawEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        byte[][] level = [.. entries.Select(entry => Leaf(entry.ToText()))];
        _levels.Add(level);
        while (level.Length > 1)
        {
            byte[][] below = level;
            level = new byte[(below.Length + 1) / 2][];
            for (int i = 0; i < level.Length; i++)
            {
                level[i] = (2 * i) + 1 < below.Length ? Node(below[2 * i], below[(2 * i) + 1]) : below[2 * i];
            }

            _levels.Add(level);
        }
    }

    public int Count => _levels[0].Length;

    public byte[] Root() => Count == 0 ? SHA256.HashData([]) : [.. _levels[^1][0]];

    /// <summary>The audit path of the leaf at an index, from the leaf upwards, as hex.</summary>
    public IReadOnlyList<string> ProofOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        List<string> path = [];
        foreach (byte[][] level in _levels)
        {
            if ((index ^ 1) < level.Length)
            {
                path.Add(DrawScheme.Hex(level[index ^ 1]));
            }

            index /= 2;
        }

        return path;
    }

    /// <summary>The root that a leaf and its audit path lead to; null when the path has not the tree's length.</summary>
    public static byte[]? RootOf(DrawEntry entry, int index, int count, IReadOnlyList<string> proof)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(proof);
        byte[] hash = Leaf(entry.ToText());
        int used = 0;
        for (int last = count - 1; last > 0; index /= 2, last /= 2)
        {
            if ((index & 1) == 0 && index == last)
            {
                continue;
            }

            if (used == proof.Count)
            {
                return null;
            }

            byte[] sibling = Convert.FromHexString(proof[used++]);
            hash = (index & 1) == 0 ? Node(hash, sibling) : Node(sibling, hash);
        }

        return used == proof.Count ? hash : null;
    }

    private static byte[] Leaf(string text)
    {
        byte[] bytes = new byte[1 + Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(1));
        return SHA256.HashData(bytes);
    }

    private static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        byte[] bytes = [1, .. left, .. right];
        return SHA256.HashData(bytes);
    }
}
