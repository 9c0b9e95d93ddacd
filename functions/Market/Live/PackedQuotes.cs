using System.Text.Json;
using System.Text.Json.Serialization;

namespace FinVault.Market.Live;

/// <summary>
/// One message for one connection: every symbol of its list that changed since the last one. Azure bills each message to
/// each connection, and one of more than 2 KB as several: so what a client holds already is not said again.
/// </summary>
/// <remarks>
/// <c>{at, of, rows, quotes}</c>: a row is <c>[symbol, seq, ticks, price, volume, eventAge, age]</c> with the day's high
/// and low behind it where they moved; <c>seq - ticks</c> is the quote's <c>prev</c>, ages are milliseconds before
/// <c>at</c>. What else of a quote changed comes in <c>quotes</c>, whole. Neither is there when it is empty.
/// </remarks>
/// <param name="At">When it was gathered, milliseconds since the Unix epoch.</param>
/// <param name="Of">How many symbols have a quote: a client that knows of fewer has not heard of one.</param>
/// <param name="Rows">Symbols of which only the price moved.</param>
/// <param name="Quotes">Quotes that are said whole.</param>
[JsonConverter(typeof(PackedQuotesConverter))]
public sealed record PackedQuotes(long At, int Of, IReadOnlyList<PackedRow> Rows, IReadOnlyList<Quote> Quotes);

/// <summary>A symbol of which only the price moved.</summary>
/// <param name="Quote">The quote now.</param>
/// <param name="IsRangeMoved">The day's high or low moved too.</param>
public sealed record PackedRow(Quote Quote, bool IsRangeMoved);

/// <summary>Written the same way through every serializer, as <see cref="QuoteConverter"/> is, and never read here.</summary>
public sealed class PackedQuotesConverter : JsonConverter<PackedQuotes>
{
    public override void Write(Utf8JsonWriter writer, PackedQuotes value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteNumber("at"u8, value.At);
        writer.WriteNumber("of"u8, value.Of);
        if (value.Rows.Count > 0)
        {
            writer.WriteStartArray("rows"u8);
            foreach (PackedRow row in value.Rows)
            {
                Write(writer, row, value.At);
            }

            writer.WriteEndArray();
        }

        if (value.Quotes.Count > 0)
        {
            writer.WritePropertyName("quotes"u8);
            JsonSerializer.Serialize(writer, value.Quotes, options);
        }

        writer.WriteEndObject();
    }

    public override PackedQuotes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Packed quotes are only sent.");

    private static void Write(Utf8JsonWriter writer, PackedRow row, long at)
    {
        Quote quote = row.Quote;
        writer.WriteStartArray();
        writer.WriteStringValue(quote.Symbol);
        writer.WriteNumberValue(quote.Seq);
        writer.WriteNumberValue(quote.Seq - quote.Prev);
        writer.WriteNumberValue(quote.Price);
        writer.WriteNumberValue(quote.Volume);
        writer.WriteNumberValue(at - quote.EventTime.ToUnixTimeMilliseconds());
        writer.WriteNumberValue(at - quote.AsOf.ToUnixTimeMilliseconds());
        if (row.IsRangeMoved)
        {
            writer.WriteNumberValue(quote.High);
            writer.WriteNumberValue(quote.Low);
        }

        writer.WriteEndArray();
    }
}
