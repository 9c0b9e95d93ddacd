using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>Encodes what <see cref="AmqpReader"/> decodes, into memory that grows and is used again.</summary>
internal sealed class AmqpWriter
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>One value, encoded.</summary>
    public static byte[] Encode(object? value)
    {
        var writer = new AmqpWriter();
        writer.Write(value);
        return writer.Written.ToArray();
    }

    public void Clear() => Length = 0;

    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Room for a number that is known only later; <see cref="Fill"/> writes it.</summary>
    public int Hole()
    {
        Take(sizeof(int));
        return Length - sizeof(int);
    }

    public void Fill(int hole, int number) => WriteInt32BigEndian(_bytes.AsSpan(hole), number);

    public void Write(object? value)
    {
        switch (value)
        {
            case null: Code(0x40); break;
            case bool flag: Code(flag ? (byte)0x41 : (byte)0x42); break;
            case string text: WriteText(0xa1, text); break;
            case Symbol symbol: WriteText(0xa3, symbol.Name); break;
            case byte[] bytes: WriteBinary(bytes); break;
            case ReadOnlyMemory<byte> bytes: WriteBinary(bytes.Span); break;
            case DateTimeOffset time: Code(0x83); WriteInt64BigEndian(Take(8), time.ToUnixTimeMilliseconds()); break;
            case Guid id: Code(0x98); id.TryWriteBytes(Take(16), bigEndian: true, out _); break;
            case Described described: WriteDescribed(described); break;
            case object?[] array: WriteArray(array); break;
            case IReadOnlyDictionary<object, object?> map: WriteMap(map); break;
            case IReadOnlyList<object?> list: WriteList(list); break;
            default: WriteNumber(value); break;
        }
    }

    private void WriteNumber(object value)
    {
        switch (value)
        {
            case byte number: Code(0x50); Take(1)[0] = number; break;
            case sbyte number: Code(0x51); Take(1)[0] = (byte)number; break;
            case ushort number: Code(0x60); WriteUInt16BigEndian(Take(2), number); break;
            case short number: Code(0x61); WriteInt16BigEndian(Take(2), number); break;
            case uint number: Code(0x70); WriteUInt32BigEndian(Take(4), number); break;
            case int number: Code(0x71); WriteInt32BigEndian(Take(4), number); break;
            case ulong number and <= byte.MaxValue: Code(0x53); Take(1)[0] = (byte)number; break;
            case ulong number: Code(0x80); WriteUInt64BigEndian(Take(8), number); break;
            case long number: Code(0x81); WriteInt64BigEndian(Take(8), number); break;
            case float number: Code(0x72); WriteSingleBigEndian(Take(4), number); break;
            case double number: Code(0x82); WriteDoubleBigEndian(Take(8), number); break;
            default:
                throw new AmqpException(Conditions.NotImplemented, $"A {value.GetType().Name} cannot be sent.");
        }
    }

    private void WriteDescribed(Described described)
    {
        Code(0x00);
        Write(described.Descriptor);
        Write(described.Value);
    }

    private void WriteList(IReadOnlyList<object?> list)
    {
        if (list.Count == 0)
        {
            Code(0x45);
            return;
        }

        int size = Begin(0xd0, list.Count);
        foreach (object? item in list)
        {
            Write(item);
        }

        End(size);
    }

    private void WriteMap(IReadOnlyDictionary<object, object?> map)
    {
        int size = Begin(0xd1, map.Count * 2);
        foreach ((object key, object? value) in map)
        {
            Write(key);
            Write(value);
        }

        End(size);
    }

    // Only names come in arrays: capabilities, mechanisms, partition ids.
    private void WriteArray(object?[] array)
    {
        bool symbols = array is [Symbol, ..];
        int size = Begin(0xf0, array.Length);
        Code(symbols ? (byte)0xb3 : (byte)0xb1);
        foreach (object? item in array)
        {
            string text = item is string or Symbol
                ? item.ToString()!
                : throw new AmqpException(Conditions.NotImplemented, "Only arrays of names can be sent.");
            int bytes = Encoding.UTF8.GetByteCount(text);
            WriteInt32BigEndian(Take(4), bytes);
            Encoding.UTF8.GetBytes(text, Take(bytes));
        }

        End(size);
    }

    private int Begin(byte code, int count)
    {
        Code(code);
        int size = Hole();
        WriteInt32BigEndian(Take(4), count);
        return size;
    }

    private void End(int size) => Fill(size, Length - size - sizeof(int));

    private void WriteText(byte code, string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        WriteSize(code, bytes);
        Encoding.UTF8.GetBytes(text, Take(bytes));
    }

    private void WriteBinary(ReadOnlySpan<byte> bytes)
    {
        WriteSize(0xa0, bytes.Length);
        Append(bytes);
    }

    // The code of a long value is 16 above that of a short one.
    private void WriteSize(byte code, int bytes)
    {
        if (bytes <= byte.MaxValue)
        {
            Code(code);
            Code((byte)bytes);
            return;
        }

        Code((byte)(code + 0x10));
        WriteInt32BigEndian(Take(4), bytes);
    }

    private void Code(byte code) => Take(1)[0] = code;

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            System.Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
