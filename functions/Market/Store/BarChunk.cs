using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;

namespace FinVault.Market.Store;

/// <summary>How bars of one interval are cut into documents, and how long those live (MKT-30, MKT-31).</summary>
/// <param name="Name">The document's kind: <c>1m</c> or <c>1d</c>.</param>
/// <param name="TimeToLiveSeconds">Retention.</param>
internal sealed record ChunkKind(string Name, int TimeToLiveSeconds)
{
    /// <summary>Minute bars, an hour a document, kept for 90 days.</summary>
    public static readonly ChunkKind Minutes = new(DocumentKinds.Minutes, 90 * 24 * 3600);

    /// <summary>Daily bars, a year a document: it lives ten years after its last bar was written.</summary>
    public static readonly ChunkKind Days = new(DocumentKinds.Days, 10 * 366 * 24 * 3600);

    private const long Hour = 60 * Micros.PerMinute;

    /// <summary>The start of the chunk that a moment belongs to.</summary>
    public long StartOf(long micros) => this == Minutes
        ? micros - (micros % Hour)
        : Micros.Of(new DateTimeOffset(Micros.ToTime(micros).Year, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public string IdOf(long start) =>
        $"{Name}-{Micros.ToTime(start).ToString(this == Minutes ? "yyyy-MM-ddTHH" : "yyyy", CultureInfo.InvariantCulture)}";
}

/// <summary>A document of stored bars, by start.</summary>
internal sealed class BarChunk(ChunkKind kind, long start, JsonElement? stored)
{
    private readonly SortedDictionary<long, byte[]> _bars = new(
        stored is not { } document
            ? []
            : document.GetProperty("bars").EnumerateArray().ToDictionary(
                b => b[0].GetInt64(), b => JsonMarshal.GetRawUtf8Value(b).ToArray()));

    public long Start { get; } = start;

    /// <summary>Adds bars; one with the same start replaces the stored one.</summary>
    public BarChunk With(IEnumerable<(Bar Bar, byte[] Json)> bars)
    {
        foreach ((Bar bar, byte[] json) in bars)
        {
            _bars[bar.Start] = json;
        }

        return this;
    }

    public ArrayBufferWriter<byte> Write(string symbol)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("id", kind.IdOf(Start));
        writer.WriteString("symbol", symbol);
        writer.WriteString("kind", kind.Name);
        writer.WriteNumber("from", Start);
        writer.WriteNumber("ttl", kind.TimeToLiveSeconds);
        writer.WriteStartArray("bars");
        foreach (byte[] bar in _bars.Values)
        {
            writer.WriteRawValue(bar, skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer;
    }
}
