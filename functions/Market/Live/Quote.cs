using System.Text.Json;
using System.Text.Json.Serialization;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;

namespace FinVault.Market.Live;

/// <summary>A symbol's quote as clients see it.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Seq">Number of the symbol's last kept tick.</param>
/// <param name="Prev">The number that was published last: a client that holds another one has a gap.</param>
/// <param name="Price">Last traded price, in the exchange's currency.</param>
/// <param name="Volume">The day's cumulative volume.</param>
/// <param name="Open">First price of the day.</param>
/// <param name="High">Highest price of the day.</param>
/// <param name="Low">Lowest price of the day.</param>
/// <param name="PreviousClose">Last price of the trading day before; null when it is not known.</param>
/// <param name="EventTime">When the exchange says that the price was made.</param>
/// <param name="AsOf">When FinVault took it.</param>
/// <param name="Source">The feed or provider that gave it.</param>
/// <param name="Stale">True when the price must not be taken for the current one.</param>
/// <param name="Session">Where the symbol's exchange stands in its day.</param>
[JsonConverter(typeof(QuoteConverter))]
public sealed record Quote(
    string Symbol,
    long Seq,
    long Prev,
    decimal Price,
    long Volume,
    decimal Open,
    decimal High,
    decimal Low,
    decimal? PreviousClose,
    DateTimeOffset EventTime,
    DateTimeOffset AsOf,
    string Source,
    bool Stale,
    SessionState Session)
{
    /// <summary>The quote of a symbol that has one.</summary>
    public static Quote Of(SymbolState state, long prev, bool stale = false)
    {
        ArgumentNullException.ThrowIfNull(state);
        QuoteState quote = state.Quote!;
        return new Quote(
            state.Symbol, state.Seq, prev, quote.Price, quote.Volume, quote.Open, quote.High, quote.Low,
            quote.PreviousClose, Micros.ToTime(quote.EventTime), Micros.ToTime(quote.AsOf), quote.Source, stale,
            state.Exchange.StateAt(quote.AsOf));
    }
}

/// <summary>
/// Writes a quote the same way through every serializer: the worker hands the arguments of a SignalR message to one
/// whose names we do not choose. It is also the hot path of the fan-out.
/// </summary>
public sealed class QuoteConverter : JsonConverter<Quote>
{
    private static readonly JsonEncodedText[] Sessions =
        [.. Enum.GetNames<SessionState>().Select(n => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(n)))];

    public override void Write(Utf8JsonWriter writer, Quote value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteString("symbol"u8, value.Symbol);
        writer.WriteNumber("seq"u8, value.Seq);
        writer.WriteNumber("prev"u8, value.Prev);
        writer.WriteNumber("price"u8, value.Price);
        writer.WriteNumber("volume"u8, value.Volume);
        writer.WriteNumber("open"u8, value.Open);
        writer.WriteNumber("high"u8, value.High);
        writer.WriteNumber("low"u8, value.Low);
        if (value.PreviousClose is { } close)
        {
            writer.WriteNumber("previousClose"u8, close);
        }
        else
        {
            writer.WriteNull("previousClose"u8);
        }

        writer.WriteString("eventTime"u8, value.EventTime.UtcDateTime);
        writer.WriteString("asOf"u8, value.AsOf.UtcDateTime);
        writer.WriteString("source"u8, value.Source);
        writer.WriteBoolean("stale"u8, value.Stale);
        writer.WriteString("session"u8, Sessions[(int)value.Session]);
        writer.WriteEndObject();
    }

    public override Quote Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonElement quote = JsonElement.ParseValue(ref reader);
        JsonElement close = quote.GetProperty("previousClose");
        return new Quote(
            quote.GetProperty("symbol").GetString()!,
            quote.GetProperty("seq").GetInt64(),
            quote.GetProperty("prev").GetInt64(),
            quote.GetProperty("price").GetDecimal(),
            quote.GetProperty("volume").GetInt64(),
            quote.GetProperty("open").GetDecimal(),
            quote.GetProperty("high").GetDecimal(),
            quote.GetProperty("low").GetDecimal(),
            close.ValueKind == JsonValueKind.Null ? null : close.GetDecimal(),
            quote.GetProperty("eventTime").GetDateTimeOffset(),
            quote.GetProperty("asOf").GetDateTimeOffset(),
            quote.GetProperty("source").GetString()!,
            quote.GetProperty("stale").GetBoolean(),
            Enum.Parse<SessionState>(quote.GetProperty("session").GetString()!, ignoreCase: true));
    }
}
