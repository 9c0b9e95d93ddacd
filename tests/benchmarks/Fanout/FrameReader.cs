using System.Buffers.Binary;

namespace FinVault.Benchmarks.Fanout;

/// <summary>A WebSocket frame that was read. The payload is only good until the next read.</summary>
internal readonly ref struct Frame(byte opcode, ReadOnlySpan<byte> payload)
{
    public byte Opcode { get; } = opcode;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}

/// <summary>
/// Cuts what a server sent into WebSocket frames (RFC 6455, unmasked), with as little work as can be.
/// </summary>
internal sealed class FrameReader
{
    public const byte Text = 0x1;
    public const byte Close = 0x8;
    public const byte Ping = 0x9;

    private byte[] _buffer = new byte[4 * 1024];
    private int _start;
    private int _end;

    /// <summary>Where the next bytes may be put.</summary>
    public Memory<byte> Space
    {
        get
        {
            if (_start == _end)
            {
                _start = _end = 0;
            }
            else if (_end == _buffer.Length && _start > 0)
            {
                _buffer.AsSpan(_start.._end).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            return _buffer.AsMemory(_end);
        }
    }

    public void Received(int bytes) => _end += bytes;

    /// <summary>What stands before an empty line, the line included; empty while it is not there yet.</summary>
    public ReadOnlySpan<byte> ReadHead()
    {
        ReadOnlySpan<byte> all = _buffer.AsSpan(_start.._end);
        int end = all.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return default;
        }

        _start += end + 4;
        return all[..(end + 4)];
    }

    public bool TryRead(out Frame frame)
    {
        ReadOnlySpan<byte> all = _buffer.AsSpan(_start.._end);
        frame = default;
        if (all.Length < 2)
        {
            return false;
        }

        int length = all[1];
        int head = 2;
        if (length >= 126)
        {
            head = length == 126 ? 4 : 10;
            if (all.Length < head)
            {
                return false;
            }

            length = head == 4
                ? BinaryPrimitives.ReadUInt16BigEndian(all[2..])
                : (int)BinaryPrimitives.ReadUInt64BigEndian(all[2..]);
        }

        if (all.Length < head + length)
        {
            return false;
        }

        frame = new Frame((byte)(all[0] & 0xF), all.Slice(head, length));
        _start += head + length;
        return true;
    }

    /// <summary>A frame from a client; masked, as the protocol wants it, with zeros.</summary>
    public static byte[] Write(byte opcode, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[(payload.Length < 126 ? 6 : 8) + payload.Length];
        frame[0] = (byte)(0x80 | opcode);
        frame[1] = (byte)(0x80 | (payload.Length < 126 ? payload.Length : 126));
        if (payload.Length >= 126)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)payload.Length));
        }

        payload.CopyTo(frame.AsSpan(frame.Length - payload.Length));
        return frame;
    }
}
