using System.Buffers.Binary;
using System.Text;

namespace FinVault.Giveaways.Draw;

/// <summary>
/// Numbers that follow from a seed: block c is HMAC-SHA-256(seed, <c>finvault-draw-1/stream</c> ‖ LF ‖ c as 4 bytes big
/// endian), c counting from 0, and holds four numbers of 8 bytes, big endian.
/// </summary>
internal sealed class DrawStream(byte[] seed)
{
    private byte[] _block = [];
    private int _used;
    private uint _next;

    /// <summary>A number below <paramref name="limit"/>, all of them equally likely.</summary>
    /// <remarks>
    /// 2^64 is seldom a multiple of the limit, so the numbers above the last full multiple are passed over: taking the
    /// remainder of them as well would favour small results.
    /// </remarks>
    public ulong Below(ulong limit)
    {
        ulong over = ((ulong.MaxValue % limit) + 1) % limit;
        ulong number;
        do
        {
            number = Next();
        }
        while (number > ulong.MaxValue - over);
        return number % limit;
    }

    private ulong Next()
    {
        if (_used == _block.Length)
        {
            Span<byte> counter = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(counter, _next++);
            _block = DrawScheme.Mac(seed, "stream", counter);
            _used = 0;
        }

        ulong number = BinaryPrimitives.ReadUInt64BigEndian(_block.AsSpan(_used));
        _used += sizeof(ulong);
        return number;
    }
}

/// <summary>Which entries come first, by the rules and a seed.</summary>
internal static class DrawOrder
{
    /// <summary>
    /// Indexes into <paramref name="entries"/>, best first, at most <paramref name="count"/> and none twice.
    /// </summary>
    /// <param name="rules">Mode and least points.</param>
    /// <param name="seed">The draw's, or a reroll's.</param>
    /// <param name="entries">In the tree's order.</param>
    /// <param name="excluded">Entries that cannot be chosen.</param>
    /// <param name="count">How many are wanted.</param>
    public static List<int> Choose(
        DrawRules rules, byte[] seed, IReadOnlyList<DrawEntry> entries, IReadOnlySet<string> excluded, int count)
    {
        List<int> pool = [.. Enumerable.Range(0, entries.Count).Where(i => !excluded.Contains(entries[i].Id))];
        return rules.Mode == DrawMode.Condition
            ? Ranked(rules, seed, entries, pool, count)
            : Drawn(seed, entries, pool, count);
    }

    private static List<int> Ranked(
        DrawRules rules, byte[] seed, IReadOnlyList<DrawEntry> entries, List<int> pool, int count) =>
        [.. pool
            .Where(i => entries[i].Points >= rules.MinPoints)
            .OrderByDescending(i => entries[i].Points)
            .ThenBy(i => entries[i].CompletedAtMilliseconds)
            .ThenBy(i => TieBreak(seed, entries[i].Id), StringComparer.Ordinal)
            .Take(count)];

    private static string TieBreak(byte[] seed, string id) =>
        DrawScheme.Hex(DrawScheme.Mac(seed, "tie", Encoding.UTF8.GetBytes(id)));

    // Each number falls on one entry when all that are left lie side by side, each as wide as it weighs.
    private static List<int> Drawn(byte[] seed, IReadOnlyList<DrawEntry> entries, List<int> pool, int count)
    {
        DrawStream stream = new(seed);
        List<int> chosen = [];
        ulong total = pool.Aggregate(0UL, (sum, i) => sum + (ulong)entries[i].Weight);
        while (chosen.Count < count && pool.Count > 0)
        {
            ulong at = stream.Below(total);
            int place = 0;
            for (ulong weight; at >= (weight = (ulong)entries[pool[place]].Weight); place++)
            {
                at -= weight;
            }

            chosen.Add(pool[place]);
            total -= (ulong)entries[pool[place]].Weight;
            pool.RemoveAt(place);
        }

        return chosen;
    }
}
