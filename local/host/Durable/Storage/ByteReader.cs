using System.Buffers.Binary;
using System.Text;

namespace FinVault.Local.Durable;

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    int at;

    public readonly bool AtEnd => at >= bytes.Length;

    public byte Byte() => bytes[at++];

    public bool Bool() => Byte() != 0;

    public long Int()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }
    }

    public int Int32() => checked((int)Int());

    public DateTime Time()
    {
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
        at += 8;
        return new(ticks, DateTimeKind.Utc);
    }

    public string? Text()
    {
        int length = Int32();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public Dictionary<string, string>? Texts()
    {
        int count = Int32();
        if (count == 0)
        {
            return null;
        }

        Dictionary<string, string> pairs = new(count);
        for (int i = 0; i < count; i++)
        {
            pairs.Add(Text()!, Text()!);
        }

        return pairs;
    }

    public byte[] Block() => Take(Int32()).ToArray();

    ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = bytes.Slice(at, length);
        at += length;
        return taken;
    }
}
