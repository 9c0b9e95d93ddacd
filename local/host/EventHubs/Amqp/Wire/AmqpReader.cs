using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>
/// Decodes AMQP 1.0 values into plain ones: numbers, bool, string, <see cref="Symbol"/>, byte[], DateTimeOffset, Guid,
/// lists, dictionaries, arrays (<c>object?[]</c>) and <see cref="Described"/>. What is cut short or nested too deeply is
/// an <see cref="AmqpException"/>.
/// </summary>
internal ref struct AmqpReader
{
    private const int MaximumDepth = 32;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _depth;

    public AmqpReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _bytes.Length;

    public object? Read()
    {
        if (++_depth > MaximumDepth)
        {
            throw new AmqpException(Conditions.DecodeError, $"Values are nested deeper than {MaximumDepth}.");
        }

        byte code = Take(1)[0];
        object? value = code == 0 ? new Described(Read(), Read()) : ReadAs(code);
        _depth--;
        return value;
    }

    private object? ReadAs(byte code) => code switch
    {
        0x40 => null,
        0x41 => true,
        0x42 => false,
        0x56 => Take(1)[0] != 0,
        0x73 => char.ConvertFromUtf32(Math.Clamp(ReadInt32BigEndian(Take(4)), 0, 0xd7ff)),
        0x83 => Time(ReadInt64BigEndian(Take(8))),
        0x98 => new Guid(Take(16), bigEndian: true),
        0xa0 => Take(Size(wide: false)).ToArray(),
        0xb0 => Take(Size(wide: true)).ToArray(),
        0xa1 => Text(wide: false),
        0xb1 => Text(wide: true),
        0xa3 => new Symbol(Text(wide: false)),
        0xb3 => new Symbol(Text(wide: true)),
        0x45 => new List<object?>(),
        0xc0 => List(wide: false),
        0xd0 => List(wide: true),
        0xc1 => Map(wide: false),
        0xd1 => Map(wide: true),
        0xe0 => Array(wide: false),
        0xf0 => Array(wide: true),
        _ => Number(code),
    };

    private object Number(byte code) => code switch
    {
        0x43 => 0u,
        0x44 => 0ul,
        0x50 => Take(1)[0],
        0x51 => (object)(sbyte)Take(1)[0],
        0x52 => (uint)Take(1)[0],
        0x53 => (ulong)Take(1)[0],
        0x54 => (int)(sbyte)Take(1)[0],
        0x55 => (long)(sbyte)Take(1)[0],
        0x60 => ReadUInt16BigEndian(Take(2)),
        0x61 => ReadInt16BigEndian(Take(2)),
        0x70 => ReadUInt32BigEndian(Take(4)),
        0x71 => ReadInt32BigEndian(Take(4)),
        0x72 => ReadSingleBigEndian(Take(4)),
        0x80 => ReadUInt64BigEndian(Take(8)),
        0x81 => ReadInt64BigEndian(Take(8)),
        0x82 => ReadDoubleBigEndian(Take(8)),
        _ => throw new AmqpException(Conditions.DecodeError, $"No value begins with 0x{code:x2}."),
    };

    private string Text(bool wide) => Encoding.UTF8.GetString(Take(Size(wide)));

    private List<object?> List(bool wide)
    {
        int count = Count(wide);
        var list = new List<object?>(count);
        for (int i = 0; i < count; i++)
        {
            list.Add(Read());
        }

        return list;
    }

    private Dictionary<object, object?> Map(bool wide)
    {
        int count = Count(wide);
        var map = new Dictionary<object, object?>(count / 2);
        for (int i = 0; i < count; i += 2)
        {
            object key = Read() ?? throw new AmqpException(Conditions.DecodeError, "A map has a key that is null.");
            map[key] = Read();
        }

        return map;
    }

    private object?[] Array(bool wide)
    {
        int count = Count(wide);
        byte code = Take(1)[0];
        object? descriptor = code == 0 ? Read() : null;
        byte element = code == 0 ? Take(1)[0] : code;
        var array = new object?[count];
        for (int i = 0; i < count; i++)
        {
            array[i] = descriptor is null ? ReadAs(element) : new Described(descriptor, ReadAs(element));
        }

        return array;
    }

    // A size in bytes and a number of elements, of which each takes at least one byte unless it is in an array.
    private int Count(bool wide)
    {
        Size(wide);
        int count = Size(wide);
        return (uint)count <= (uint)(_bytes.Length - Position)
            ? count
            : throw new AmqpException(Conditions.DecodeError, $"{count} elements do not fit into what is left.");
    }

    private int Size(bool wide) => wide ? ReadInt32BigEndian(Take(4)) : Take(1)[0];

    // Some clients send the ends of their own calendar, which are beyond this one's.
    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(
        milliseconds,
        DateTimeOffset.MinValue.ToUnixTimeMilliseconds(),
        DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(_bytes.Length - Position))
        {
            throw new AmqpException(Conditions.DecodeError, "A value is cut short.");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
