using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using FinVault.Market.Rules;

namespace FinVault.Market.Store;

/// <summary>
/// How ticks, bars and prices stand in stored documents: compact arrays, and prices as strings, because the store keeps
/// a JSON number as a double and a price must come back as it came.
/// </summary>
internal static class JsonFragments
{
    public static void WritePrice(this Utf8JsonWriter writer, decimal price)
    {
        Span<byte> text = stackalloc byte[40];
        Utf8Formatter.TryFormat(price, text, out int length);
        writer.WriteStringValue(text[..length]);
    }

    public static decimal ReadPrice(this JsonElement element) =>
        decimal.Parse(element.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary><c>[price, volume, eventTime]</c>; the number follows from its place.</summary>
    public static void WriteTick(this Utf8JsonWriter writer, in Tick tick)
    {
        writer.WriteStartArray();
        writer.WritePrice(tick.Price);
        writer.WriteNumberValue(tick.Volume);
        writer.WriteNumberValue(tick.EventTime);
        writer.WriteEndArray();
    }

    /// <summary><c>[first seq, tick, tick, ...]</c></summary>
    public static void WriteTicks(this Utf8JsonWriter writer, long firstSeq, IEnumerable<Tick> ticks)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(firstSeq);
        foreach (Tick tick in ticks)
        {
            writer.WriteTick(tick);
        }

        writer.WriteEndArray();
    }

    public static IEnumerable<Tick> ReadTicks(this JsonElement element)
    {
        long seq = element[0].GetInt64();
        foreach (JsonElement tick in element.EnumerateArray().Skip(1))
        {
            yield return new Tick(seq++, tick[0].ReadPrice(), tick[1].GetInt64(), tick[2].GetInt64());
        }
    }

    /// <summary><c>[start, open, high, low, close, volume, trades, turnover, open after start, close after start]</c></summary>
    public static void WriteBar(this Utf8JsonWriter writer, Bar bar)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(bar.Start);
        writer.WritePrice(bar.Open);
        writer.WritePrice(bar.High);
        writer.WritePrice(bar.Low);
        writer.WritePrice(bar.Close);
        writer.WriteNumberValue(bar.Volume);
        writer.WriteNumberValue(bar.Trades);
        writer.WritePrice(bar.Turnover);
        writer.WriteNumberValue(bar.OpenTime - bar.Start);
        writer.WriteNumberValue(bar.CloseTime - bar.Start);
        writer.WriteEndArray();
    }

    public static Bar ReadBar(this JsonElement bar)
    {
        long start = bar[0].GetInt64();
        return new Bar(
            start,
            bar[1].ReadPrice(), bar[2].ReadPrice(), bar[3].ReadPrice(), bar[4].ReadPrice(),
            bar[5].GetInt64(), bar[6].GetInt64(), bar[7].ReadPrice(),
            start + bar[8].GetInt64(), start + bar[9].GetInt64());
    }
}
