using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Local.VerifyDraw;

/// <summary>
/// The arithmetic of docs/draw.md, written from that page alone. It uses nothing of the draw that it checks.
/// </summary>
internal static class Hashes
{
    private const string Scheme = "finvault-draw-1";

    public static byte[] OfLabelled(string label, params byte[][] parts) =>
        SHA256.HashData([.. Label(label), .. parts.SelectMany(part => part)]);

    public static byte[] MacOf(byte[] key, string label, byte[] data) =>
        HMACSHA256.HashData(key, (byte[])[.. Label(label), .. data]);

    public static byte[] MacOf(byte[] key, string label, string text) => MacOf(key, label, Encoding.UTF8.GetBytes(text));

    public static byte[] FourBytes(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>RFC 6962, section 2.1, as it is defined there: from the top down.</summary>
    public static byte[] TreeRoot(ReadOnlySpan<string> leaves)
    {
        if (leaves.Length == 0)
        {
            return SHA256.HashData([]);
        }

        if (leaves.Length == 1)
        {
            return Leaf(leaves[0]);
        }

        int split = (int)(BitOperations.RoundUpToPowerOf2((uint)leaves.Length) / 2);
        return Node(TreeRoot(leaves[..split]), TreeRoot(leaves[split..]));
    }

    /// <summary>Where an audit path leads; null when it is too short or too long (RFC 9162, section 2.1.3.2).</summary>
    public static byte[]? RootByPath(string leaf, long index, long count, IEnumerable<byte[]> path)
    {
        if (index < 0 || index >= count)
        {
            return null;
        }

        (long at, long last, byte[] hash) = (index, count - 1, Leaf(leaf));
        foreach (byte[] sibling in path)
        {
            if (last == 0)
            {
                return null;
            }

            if (at % 2 == 1 || at == last)
            {
                hash = Node(sibling, hash);
                while (at % 2 == 0 && at != 0)
                {
                    (at, last) = (at / 2, last / 2);
                }
            }
            else
            {
                hash = Node(hash, sibling);
            }

            (at, last) = (at / 2, last / 2);
        }

        return last == 0 ? hash : null;
    }

    private static byte[] Label(string label) => Encoding.ASCII.GetBytes($"{Scheme}/{label}\n");

    private static byte[] Leaf(string text) => SHA256.HashData([0, .. Encoding.UTF8.GetBytes(text)]);

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);
}

/// <summary>The numbers of section 4.</summary>
internal sealed class Numbers(byte[] seed)
{
    private static readonly BigInteger Full = BigInteger.One << 64;

    private readonly Queue<BigInteger> _ready = [];
    private uint _block;

    public long Below(long limit)
    {
        while (true)
        {
            BigInteger number = Next();
            if (number < Full - (Full % limit))
            {
                return (long)(number % limit);
            }
        }
    }

    private BigInteger Next()
    {
        if (_ready.Count == 0)
        {
            byte[] block = Hashes.MacOf(seed, "stream", Hashes.FourBytes(_block++));
            foreach (byte[] eight in block.Chunk(8))
            {
                _ready.Enqueue(new BigInteger(eight, isUnsigned: true, isBigEndian: true));
            }
        }

        return _ready.Dequeue();
    }
}
