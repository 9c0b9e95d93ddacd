using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FinVault.Market;

/// <summary>
/// Where Event Hubs puts an event with a partition key. The gateway hashes the UTF-8 key with a variant of Bob Jenkins'
/// lookup3; the SDK documents it in
/// <c>PartitionResolver</c>. Knowing it lets one send carry many symbols to one partition, each where its key belongs.
/// </summary>
public static class PartitionHash
{
    private const int BlockBytes = 12;

    /// <summary>The partition (0 to <paramref name="partitionCount"/> - 1) of <paramref name="key"/>.</summary>
    public static int PartitionFor(string key, int partitionCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitionCount);
        return Math.Abs(Hash(key) % partitionCount);
    }

    /// <summary>The gateway's 16-bit hash of <paramref name="key"/>.</summary>
    public static short Hash(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int byteCount = Encoding.UTF8.GetByteCount(key);
        Span<byte> data = byteCount <= 256 ? stackalloc byte[byteCount] : new byte[byteCount];
        Encoding.UTF8.GetBytes(key, data);

        uint a = 0xDEADBEEF + (uint)byteCount;
        uint b = a;
        uint c = a;
        while (data.Length > BlockBytes)
        {
            Add(data, ref a, ref b, ref c);
            Mix(ref a, ref b, ref c);
            data = data[BlockBytes..];
        }

        if (data.Length > 0)
        {
            Span<byte> tail = stackalloc byte[BlockBytes];
            tail.Clear();
            data.CopyTo(tail);
            Add(tail, ref a, ref b, ref c);
            Finish(ref a, ref b, ref c);
        }

        return (short)(c ^ b);
    }

    private static void Add(ReadOnlySpan<byte> block, ref uint a, ref uint b, ref uint c)
    {
        a += BinaryPrimitives.ReadUInt32LittleEndian(block);
        b += BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(block[8..]);
    }

    private static void Mix(ref uint a, ref uint b, ref uint c)
    {
        a = (a - c) ^ BitOperations.RotateLeft(c, 4);
        c += b;
        b = (b - a) ^ BitOperations.RotateLeft(a, 6);
        a += c;
        c = (c - b) ^ BitOperations.RotateLeft(b, 8);
        b += a;
        a = (a - c) ^ BitOperations.RotateLeft(c, 16);
        c += b;
        b = (b - a) ^ BitOperations.RotateLeft(a, 19);
        a += c;
        c = (c - b) ^ BitOperations.RotateLeft(b, 4);
        b += a;
    }

    private static void Finish(ref uint a, ref uint b, ref uint c)
    {
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        c = (c ^ b) - BitOperations.RotateLeft(b, 24);
    }
}
