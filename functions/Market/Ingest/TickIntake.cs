using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;

namespace FinVault.Market.Ingest;

/// <summary>
/// Ticks over HTTP: a JSON array or NDJSON, at most <see cref="MaxTicks"/> and <see cref="MaxBytes"/> a call. Each
/// symbol's ticks become one event. A call that cannot be read as JSON is refused whole; a tick that is JSON but no
/// good goes through, so that it is counted and kept as a dead letter like any other feed's.
/// </summary>
public sealed class TickIntake(TicksHub hub)
{
    public const int MaxTicks = 5_000;
    public const int MaxBytes = 1_000_000;

    /// <summary>Who sends; also the quotes' <c>source</c>. Without it the source is <c>http</c>.</summary>
    public const string FeedHeader = "x-feed";

    /// <summary>The call's place in the feed's stream, growing; with it, a resent call is applied once.</summary>
    public const string PositionHeader = "x-feed-position";

    /// <summary>Takes a call and returns the number of its ticks when the hub has them durably.</summary>
    /// <exception cref="ProblemException">body_too_large, too_many_ticks, invalid_ticks, invalid_request.</exception>
    public async Task<int> TakeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? feed = Feed(request);
        long? position = Position(request, feed);
        using MemoryStream content = await request.ReadBytesAsync(MaxBytes, cancellationToken);
        ReadOnlyMemory<byte> body = content.GetBuffer().AsMemory(0, (int)content.Length);
        List<(string Symbol, ReadOnlyMemory<byte> Json)> ticks = Split(body);
        await hub.SendAsync(
            ticks.GroupBy(t => t.Symbol, t => t.Json).Select(g => (g.Key, Event([.. g], feed, position))),
            cancellationToken);
        return ticks.Count;
    }

    private static string? Feed(HttpRequest request)
    {
        string? feed = request.Headers[FeedHeader];
        return string.IsNullOrEmpty(feed) ? null
            : feed.Length <= TickEvents.MaxSourceLength && feed.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? feed
            : throw Problems.InvalidRequest.With(
                $"{FeedHeader} takes up to {TickEvents.MaxSourceLength} letters, digits, dots, dashes and underscores.");
    }

    private static long? Position(HttpRequest request, string? feed)
    {
        string? text = request.Headers[PositionHeader];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        bool valid = long.TryParse(text, System.Globalization.NumberStyles.None, null, out long position);
        return valid && feed is not null
            ? position
            : throw Problems.InvalidRequest.With($"{PositionHeader} is a whole number and needs {FeedHeader} beside it.");
    }

    private static EventData Event(IReadOnlyList<ReadOnlyMemory<byte>> ticks, string? feed, long? position)
    {
        using MemoryStream body = new();
        for (int i = 0; i < ticks.Count; i++)
        {
            body.Write(i == 0 ? "["u8 : ","u8);
            body.Write(ticks[i].Span);
        }

        body.Write("]"u8);
        EventData data = TickEvents.Of(BinaryData.FromBytes(body.ToArray()), feed ?? "http");
        if (position is { } place)
        {
            data.Properties[TickEvents.Feed] = feed;
            data.Properties[TickEvents.Position] = place;
        }

        return data;
    }

    private static List<(string Symbol, ReadOnlyMemory<byte> Json)> Split(ReadOnlyMemory<byte> body)
    {
        List<(string, ReadOnlyMemory<byte>)> ticks = [];
        Utf8JsonReader reader = new(body.Span, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            bool isArray = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
            bool more = isArray ? reader.Read() : reader.TokenType != JsonTokenType.None;
            while (more && !(isArray && reader.TokenType == JsonTokenType.EndArray))
            {
                if (ticks.Count == MaxTicks)
                {
                    throw Problems.TooManyTicks.With($"A call takes {MaxTicks:N0} ticks at most.");
                }

                int start = (int)reader.TokenStartIndex;
                string symbol = ReadSymbol(ref reader);
                ticks.Add((symbol, body[start..(int)reader.BytesConsumed]));
                more = reader.Read();
            }

            if (isArray && reader.Read())
            {
                throw Problems.InvalidTicks.With("There is something behind the array.");
            }
        }
        catch (JsonException json)
        {
            throw Problems.InvalidTicks.With(
                $"Not a JSON array, nor a JSON object a line: line {json.LineNumber + 1}, tick {ticks.Count + 1}.");
        }

        return ticks;
    }

    // Consumes one value and answers with its symbol, which only decides where it goes: the rules look at it again.
    private static string ReadSymbol(ref Utf8JsonReader reader)
    {
        string symbol = "";
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return symbol;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            bool isSymbol = reader.ValueTextEquals("symbol"u8);
            reader.Read();
            if (isSymbol && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= Rules.TickParser.MaxSymbolLength)
            {
                symbol = Encoding.UTF8.GetString(reader.ValueSpan);
            }

            reader.Skip();
        }

        return symbol;
    }
}
