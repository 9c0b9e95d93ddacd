using System.Buffers.Binary;
using System.Text;

namespace FinVault.Local.Durable;

/// <summary>
/// A growing buffer for the store's compact format: variable-length integers, UTF-8 text with its length.
/// </summary>
sealed class ByteWriter(int capacity = 256)
{
    byte[] buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void Clear() => Length = 0;

    public void Byte(byte value)
    {
        Room(1);
        buffer[Length++] = value;
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Seven bits a byte, low ones first; small negative numbers are small, too.</summary>
    public void Int(long value)
    {
        Room(10);
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        while (rest >= 0x80)
        {
            buffer[Length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        buffer[Length++] = (byte)rest;
    }

    public void Time(DateTime value)
    {
        Room(8);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(Length), value.Ticks);
        Length += 8;
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Int(-1);
            return;
        }

        Int(Encoding.UTF8.GetByteCount(value));
        Room(Encoding.UTF8.GetMaxByteCount(value.Length));
        Length += Encoding.UTF8.GetBytes(value, buffer.AsSpan(Length));
    }

    public void Texts(IEnumerable<KeyValuePair<string, string>>? pairs)
    {
        KeyValuePair<string, string>[] all = pairs is null ? [] : [.. pairs];
        Int(all.Length);
        foreach ((string key, string value) in all)
        {
            Text(key);
            Text(value);
        }
    }

    public void Block(ReadOnlySpan<byte> bytes)
    {
        Int(bytes.Length);
        Raw(bytes);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    void Room(int bytes)
    {
        if (Length + bytes > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + bytes));
        }
    }
}
