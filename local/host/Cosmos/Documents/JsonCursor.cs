using System.Buffers;
using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>
/// Goes over JSON text (RFC 8259), checks it and skips what nobody asks for. Segments of ticks are hundreds of kilobytes
/// of numbers in which the endpoint wants only four top-level properties; this is several times faster over them than
/// <see cref="Utf8JsonReader"/> and as strict: it throws <see cref="JsonException"/> for the same texts.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    private const int DepthLimit = 128;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> json = json;
    private int depth;

    /// <summary>Where the next token begins, once white space is skipped.</summary>
    public int Position { get; private set; }

    /// <summary>The next byte that is not white space; 0 at the end.</summary>
    public byte Peek()
    {
        while (Position < json.Length)
        {
            byte next = json[Position];
            if (next > ' ')
            {
                return next;
            }
            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                throw Unexpected();
            }
            Position++;
        }
        return 0;
    }

    public void Expect(byte token)
    {
        if (Peek() != token)
        {
            throw Unexpected();
        }
        Position++;
    }

    public bool Accept(byte token)
    {
        bool found = Peek() == token;
        Position += found ? 1 : 0;
        return found;
    }

    public void ExpectEnd()
    {
        if (Peek() != 0 || Position < json.Length)
        {
            throw Unexpected();
        }
    }

    /// <summary>Skips a string and answers what stands between its quotes, escapes and all.</summary>
    public ReadOnlySpan<byte> SkipString()
    {
        Expect((byte)'"');
        int start = Position;
        while (true)
        {
            int length = json[Position..].IndexOfAny(StringEnds);
            if (length < 0)
            {
                Position = json.Length;
                throw Unexpected();
            }
            Position += length;
            if (json[Position] == '"')
            {
                return json[start..Position++];
            }
            SkipEscape();
        }
    }

    /// <summary>Skips any value and answers its text.</summary>
    public ReadOnlySpan<byte> SkipValue()
    {
        byte first = Peek();
        int start = Position;
        switch (first)
        {
            case (byte)'"':
                SkipString();
                break;
            case (byte)'{':
                SkipObject();
                break;
            case (byte)'[':
                SkipArray();
                break;
            case (byte)'t':
                SkipWord("true"u8);
                break;
            case (byte)'f':
                SkipWord("false"u8);
                break;
            case (byte)'n':
                SkipWord("null"u8);
                break;
            default:
                SkipNumber();
                break;
        }
        return json[start..Position];
    }

    private void SkipObject()
    {
        Enter();
        if (!Accept((byte)'}'))
        {
            do
            {
                SkipString();
                Expect((byte)':');
                SkipValue();
            }
            while (Accept((byte)','));
            Expect((byte)'}');
        }
        depth--;
    }

    private void SkipArray()
    {
        Enter();
        if (!Accept((byte)']'))
        {
            do
            {
                Position = JsonNumber.AfterPlainOnes(json, Position);
                SkipValue();
            }
            while (Accept((byte)','));
            Expect((byte)']');
        }
        depth--;
    }

    private void Enter()
    {
        Position++;
        if (++depth > DepthLimit)
        {
            throw new JsonException($"The document is nested deeper than {DepthLimit} levels.");
        }
    }

    private void SkipEscape()
    {
        if (json[Position] != '\\' || Position + 1 >= json.Length)
        {
            throw Unexpected();
        }
        byte escaped = json[Position + 1];
        if (escaped == 'u')
        {
            bool isHex = Position + 6 <= json.Length && IsHex(json.Slice(Position + 2, 4));
            Position += isHex ? 6 : throw Unexpected();
        }
        else
        {
            Position += "\"\\/bfnrt"u8.Contains(escaped) ? 2 : throw Unexpected();
        }
    }

    private static bool IsHex(ReadOnlySpan<byte> digits)
    {
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }
        return true;
    }

    private void SkipWord(ReadOnlySpan<byte> word)
    {
        if (!json[Position..].StartsWith(word))
        {
            throw Unexpected();
        }
        Position += word.Length;
    }

    private void SkipNumber()
    {
        int end = JsonNumber.End(json, Position);
        Position = end >= 0 ? end : throw Unexpected();
    }

    private readonly JsonException Unexpected() => Position < json.Length
        ? new JsonException($"'{(char)json[Position]}' at byte {Position} is not expected.")
        : new JsonException("The text ends too early.");
}
