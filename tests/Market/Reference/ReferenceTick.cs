using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinVault.Tests.Market.Reference;

/// <summary>A tick that could be read. It may still have a bad price or volume.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Price">Last traded price.</param>
/// <param name="Volume">Cumulative volume of the day.</param>
/// <param name="Time">The exchange's stamp, UTC.</param>
public sealed record ReferenceTick(string Symbol, decimal Price, decimal Volume, DateTime Time)
{
    private static readonly TimeSpan IndiaStandardTime = new(5, 30, 0);

    /// <summary>Symbols of this prefix trade around the clock, in UTC; all others on the NSE.</summary>
    public bool IsTest => Symbol.StartsWith("TEST-", StringComparison.Ordinal);

    /// <summary>The stamp as the exchange's wall clock shows it.</summary>
    public DateTime LocalTime => IsTest ? Time : Time + IndiaStandardTime;

    public DateTime Minute => new(Time.Year, Time.Month, Time.Day, Time.Hour, Time.Minute, 0, DateTimeKind.Utc);

    /// <summary>
    /// The rows of a recording, <c>symbol,seq,timestamp,ltp,volume</c> under a heading, stamps in Indian time.
    /// </summary>
    public static List<ReferenceTick> ReadRecording(string gzippedFile)
    {
        using GZipStream unzipped = new(File.OpenRead(gzippedFile), CompressionMode.Decompress);
        using StreamReader reader = new(unzipped);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(FromRow)];
    }

    /// <summary>A tick as JSON; null when it cannot be read.</summary>
    public static ReferenceTick? FromJson(string json)
    {
        try
        {
            JsonNode tick = JsonNode.Parse(json)!;
            string symbol = tick["symbol"]!.GetValue<string>();
            decimal price = Number(tick["price"]!);
            decimal volume = Number(tick["volume"]!);
            string time = tick["eventTime"]!.GetValue<string>();
            bool hasZone = time.EndsWith('Z') || (time.Length > 6 && time[^6] is '+' or '-' && time[^3] == ':');
            return symbol.Length > 0 && hasZone && volume == Math.Truncate(volume)
                ? new ReferenceTick(
                    symbol, price, volume, DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcDateTime)
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or OverflowException
            or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }

    private static decimal Number(JsonNode node) =>
        decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static ReferenceTick FromRow(string row)
    {
        string[] fields = row.TrimEnd('\r').Split(',');
        DateTime local = DateTime.ParseExact(fields[2], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new ReferenceTick(
            fields[0],
            decimal.Parse(fields[3], CultureInfo.InvariantCulture),
            decimal.Parse(fields[4], CultureInfo.InvariantCulture),
            DateTime.SpecifyKind(local - IndiaStandardTime, DateTimeKind.Utc));
    }
}
