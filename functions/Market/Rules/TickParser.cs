using System.Text;
using System.Text.Json;
using FinVault.Market.Calendar;

namespace FinVault.Market.Rules;

/// <summary>
/// Reads the body of an event: one tick, a JSON array of ticks, or a tick a line (NDJSON). A tick is
/// <c>{"symbol": "TCS", "price": 3210.5, "volume": 120, "eventTime": "2021-06-10T03:46:07Z"}</c>; further members are
/// ignored. Whatever cannot be read becomes a tick with a fault, so that nothing disappears. Not safe for concurrent use.
/// </summary>
public sealed class TickParser(Func<ReadOnlySpan<char>, string> internSymbol)
{
    public const int MaxSymbolLength = 32;

    private const byte Newline = (byte)'\n';

    /// <summary>Adds the ticks of <paramref name="body"/> to <paramref name="ticks"/>, in their order.</summary>
    public void Parse(ReadOnlyMemory<byte> body, List<IncomingTick> ticks)
    {
        ArgumentNullException.ThrowIfNull(ticks);
        ReadOnlyMemory<byte> rest = body.Trim(" \t\r\n"u8);
        if (rest.Length > 0 && rest.Span[0] == (byte)'[')
        {
            ParseArray(rest, ticks);
            return;
        }

        do
        {
            int end = rest.Span.IndexOf(Newline);
            ReadOnlyMemory<byte> line = (end < 0 ? rest : rest[..end]).Trim(" \t\r\n"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Length > 0 || ticks.Count == 0)
            {
                ticks.Add(ParseOne(line));
            }
        }
        while (rest.Length > 0);
    }

    private void ParseArray(ReadOnlyMemory<byte> array, List<IncomingTick> ticks)
    {
        Utf8JsonReader reader = new(array.Span);
        long start = 0;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                start = reader.TokenStartIndex;
                reader.Skip();
                ticks.Add(ParseOne(array[(int)start..(int)reader.BytesConsumed]));
            }

            start = reader.BytesConsumed;
            reader.Read();
        }
        catch (JsonException)
        {
            ticks.Add(Faulty(TickFaults.Json, array[(int)start..]));
        }
    }

    private IncomingTick ParseOne(ReadOnlyMemory<byte> raw)
    {
        Fields fields = default;
        try
        {
            Utf8JsonReader reader = new(raw.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Faulty(TickFaults.Json, raw);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadField(ref reader, ref fields);
            }

            // Anything behind the object is not one tick.
            if (reader.Read())
            {
                return Faulty(TickFaults.Json, raw);
            }
        }
        catch (JsonException)
        {
            return Faulty(TickFaults.Json, raw, fields.Symbol);
        }

        return fields.Fault() is { } fault
            ? Faulty(fault, raw, fields.Symbol)
            : new IncomingTick(fields.Symbol!, fields.Price, fields.Volume, fields.EventTime!.Value, null, raw);
    }

    private void ReadField(ref Utf8JsonReader reader, ref Fields fields)
    {
        if (reader.ValueTextEquals("symbol"u8))
        {
            reader.Read();
            fields.Symbol = ReadSymbol(ref reader);
        }
        else if (reader.ValueTextEquals("price"u8))
        {
            reader.Read();
            fields.Price = reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out decimal price) ? price : 0;
        }
        else if (reader.ValueTextEquals("volume"u8))
        {
            reader.Read();
            fields.Volume = reader.TokenType == JsonTokenType.Number ? ReadVolume(ref reader) : -1;
            fields.HasVolume = true;
        }
        else if (reader.ValueTextEquals("eventTime"u8))
        {
            reader.Read();
            fields.EventTime = ReadTime(ref reader);
        }
        else
        {
            reader.Read();
        }

        reader.Skip();
    }

    private string? ReadSymbol(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length is 0 or > MaxSymbolLength)
        {
            return null;
        }

        Span<char> text = stackalloc char[MaxSymbolLength];
        int length = Encoding.UTF8.GetChars(reader.ValueSpan, text);
        foreach (char c in text[..length])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':' or '&' or '^' or '='))
            {
                return null;
            }
        }

        return internSymbol(text[..length]);
    }

    private static long ReadVolume(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out long volume))
        {
            return volume;
        }

        // 1200.0 and 1.2e3 are whole numbers too.
        return reader.TryGetDecimal(out decimal number) && number == decimal.Truncate(number)
            && number is >= 0 and <= long.MaxValue ? (long)number : -1;
    }

    private static long? ReadTime(ref Utf8JsonReader reader)
    {
        // A stamp without a zone could be anybody's local time: it is not guessed.
        ReadOnlySpan<byte> text = reader.ValueSpan;
        bool hasZone = text.Length > 6 && (text[^1] == (byte)'Z' || text[^6] is (byte)'+' or (byte)'-') && text.Contains((byte)'T');
        return reader.TokenType == JsonTokenType.String && hasZone && reader.TryGetDateTimeOffset(out DateTimeOffset time)
            ? Micros.Of(time)
            : null;
    }

    private static IncomingTick Faulty(string fault, ReadOnlyMemory<byte> raw, string? symbol = null) =>
        new(symbol ?? "", 0, 0, 0, fault, raw);

    private struct Fields
    {
        public string? Symbol;
        public decimal Price;
        public long Volume;
        public bool HasVolume;
        public long? EventTime;

        public readonly string? Fault() =>
            Symbol is null ? TickFaults.Symbol
            : Price <= 0 ? TickFaults.Price
            : !HasVolume || Volume < 0 ? TickFaults.Volume
            : EventTime is null ? TickFaults.EventTime
            : null;
    }
}
