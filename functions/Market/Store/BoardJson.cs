using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;

namespace FinVault.Market.Store;

/// <summary>The board document: <c>{id, shard, kind: "board", last, counters, sources, symbols: [...]}</c>.</summary>
internal static class BoardJson
{
    private static readonly TickOutcome[] Outcomes = Enum.GetValues<TickOutcome>();

    public static ArrayBufferWriter<byte> Write(string shard, Board board)
    {
        ArrayBufferWriter<byte> buffer = new(16 * 1024);
        using Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("id", board.Id);
        writer.WriteString("shard", shard);
        writer.WriteString("kind", DocumentKinds.Board);
        writer.WriteNumber("last", board.LastSequence);
        writer.WriteStartArray("counters");
        Array.ForEach(Outcomes, outcome => writer.WriteNumberValue(board.Counters[outcome]));
        writer.WriteNumberValue(board.Counters.VolumeReset);
        writer.WriteEndArray();
        writer.WriteStartObject("sources");
        foreach ((string name, SourceState source) in board.Sources)
        {
            writer.WriteStartArray(name);
            writer.WriteNumberValue(source.HeardAt);
            writer.WriteNumberValue(source.EventTime);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("symbols");
        foreach (BoardSymbol symbol in board.Symbols)
        {
            writer.WriteRawValue(symbol.Encoded ??= Encode(symbol), skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer;
    }

    public static int NumberOf(JsonElement document) =>
        int.Parse(document.GetProperty("id").GetString().AsSpan("board-".Length), CultureInfo.InvariantCulture);

    /// <summary>Reads a board, and its symbols into the shard.</summary>
    /// <param name="document">The board.</param>
    /// <param name="shard">Takes the symbols.</param>
    /// <param name="exchanges">Where they trade.</param>
    /// <param name="before">Read before and changed by nobody: what did not tick since has its state from there.</param>
    public static Board Read(JsonElement document, Shard shard, Exchanges exchanges, Shard? before = null)
    {
        Board board = new(NumberOf(document))
        {
            ETag = document.TryGetProperty("_etag", out JsonElement etag) ? etag.GetString() : null,
            LastSequence = document.GetProperty("last").GetInt64(),
        };
        JsonElement counters = document.GetProperty("counters");
        foreach (TickOutcome outcome in Outcomes)
        {
            board.Counters[outcome] = counters[(int)outcome].GetInt64();
        }

        board.Counters.VolumeReset = counters[Outcomes.Length].GetInt64();
        foreach (JsonProperty source in document.GetProperty("sources").EnumerateObject())
        {
            board.Sources[source.Name] = new SourceState(source.Value[0].GetInt64(), source.Value[1].GetInt64());
        }

        foreach (JsonElement symbol in document.GetProperty("symbols").EnumerateArray())
        {
            shard.Add(ReadSymbol(symbol, board, exchanges, before));
        }

        return board;
    }

    private static byte[] Encode(BoardSymbol symbol)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { SkipValidation = true });
        SymbolState state = symbol.State;
        writer.WriteStartObject();
        writer.WriteString("s", state.Symbol);
        writer.WriteNumber("n", state.Seq);
        writer.WriteNumber("p", state.Published);
        WriteQuote(writer, state.Quote);
        writer.WriteStartArray("d");
        state.Days.ForEach(day => WriteDay(writer, day));
        writer.WriteEndArray();
        writer.WriteStartArray("b");
        state.Bars.ForEach(writer.WriteBar);
        writer.WriteEndArray();
        writer.WriteStartArray("r");
        writer.WriteNumberValue(symbol.StoredSeq);
        writer.WriteNumberValue(symbol.UnstoredFrom);
        writer.WriteNumberValue(symbol.StoredMinute);
        writer.WriteEndArray();
        if (symbol.FeedPositions.Count > 0)
        {
            writer.WriteStartObject("f");
            foreach ((string feed, long position) in symbol.FeedPositions)
            {
                writer.WriteNumber(feed, position);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteQuote(Utf8JsonWriter writer, QuoteState? quote)
    {
        if (quote is null)
        {
            writer.WriteNull("q");
            return;
        }

        writer.WriteStartArray("q");
        writer.WritePrice(quote.Price);
        writer.WriteNumberValue(quote.Volume);
        writer.WritePrice(quote.Open);
        writer.WritePrice(quote.High);
        writer.WritePrice(quote.Low);
        if (quote.PreviousClose is { } close)
        {
            writer.WritePrice(close);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteNumberValue(quote.EventTime);
        writer.WriteNumberValue(quote.AsOf);
        writer.WriteStringValue(quote.Source);
        writer.WriteEndArray();
    }

    private static void WriteDay(Utf8JsonWriter writer, TradingDay day)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(day.Date.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteNumberValue(day.HighestVolume);
        writer.WriteBar(day.Bar);
        writer.WriteEndArray();
    }

    private static BoardSymbol ReadSymbol(JsonElement element, Board board, Exchanges exchanges, Shard? before)
    {
        string name = element.GetProperty("s").GetString()!;
        (long seq, long published) = (element.GetProperty("n").GetInt64(), element.GetProperty("p").GetInt64());
        JsonElement quote = element.GetProperty("q");
        SymbolState? state = before?.Peek(name)?.State;
        if (state is null || !IsOf(state, seq, published, quote))
        {
            state = new(name, exchanges.Of(name));
            state.Restore(
                seq, published, ReadQuote(quote), element.GetProperty("d").EnumerateArray().Select(ReadDay),
                element.GetProperty("b").EnumerateArray().Select(JsonFragments.ReadBar));
        }

        JsonElement ring = element.GetProperty("r");
        return new BoardSymbol(state, board)
        {
            SeqBefore = state.Seq,
            StoredSeq = ring[0].GetInt64(),
            UnstoredFrom = ring[1].GetInt64(),
            StoredMinute = ring[2].GetInt64(),
            FeedPositions = element.TryGetProperty("f", out JsonElement feeds)
                ? feeds.EnumerateObject().ToDictionary(f => f.Name, f => f.Value.GetInt64())
                : [],
        };
    }

    // Each tick that is kept has a number of its own; one that came again under a number that was there has another time.
    private static bool IsOf(SymbolState state, long seq, long published, JsonElement quote) =>
        state.Seq == seq && state.Published == published && state.Quote is { } known
        && quote.ValueKind != JsonValueKind.Null && quote[7].GetInt64() == known.AsOf && quote[6].GetInt64() == known.EventTime;

    private static QuoteState? ReadQuote(JsonElement quote) => quote.ValueKind == JsonValueKind.Null
        ? null
        : new QuoteState(
            quote[0].ReadPrice(),
            quote[1].GetInt64(),
            quote[2].ReadPrice(),
            quote[3].ReadPrice(),
            quote[4].ReadPrice(),
            quote[5].ValueKind == JsonValueKind.Null ? null : quote[5].ReadPrice(),
            quote[6].GetInt64(),
            quote[7].GetInt64(),
            quote[8].GetString()!);

    private static TradingDay ReadDay(JsonElement day) => new(
        DateOnly.ParseExact(day[0].GetString()!, "O", CultureInfo.InvariantCulture),
        day[2].ReadBar(),
        day[1].GetInt64());
}
