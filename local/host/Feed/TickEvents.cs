using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs;

namespace FinVault.Local.Feed;

/// <summary>Ticks as the events that any feed of FinVault sends: one JSON tick a body, <c>source</c> as a property.</summary>
internal sealed class TickEvents(string source)
{
    private readonly Dictionary<string, string> _starts = new(StringComparer.Ordinal);

    /// <param name="price">A JSON number, taken as it is.</param>
    /// <param name="volume">A JSON number, taken as it is.</param>
    public EventData Create(string symbol, string price, string volume, DateTime eventTime)
    {
        if (!_starts.TryGetValue(symbol, out string? start))
        {
            _starts[symbol] = start = $"{{\"symbol\":\"{JsonEncodedText.Encode(symbol)}\",\"price\":";
        }

        string format = eventTime.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ";
        string time = eventTime.ToString(format, CultureInfo.InvariantCulture);
        var body = new ReadOnlyMemory<byte>(
            Encoding.UTF8.GetBytes($"{start}{price},\"volume\":{volume},\"eventTime\":\"{time}\"}}"));
        var data = new EventData(body);
        data.Properties["source"] = source;
        return data;
    }
}
