using System.Globalization;
using Azure.Messaging.EventHubs;
using FinVault.Local.EventHubs;

namespace FinVault.Tests.Local.EventHubs;

/// <summary>A folder for one test's hub and a clock that stands still until it is moved.</summary>
public sealed class HubFolder : TimeProvider, IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("finvault-hub-").FullName;

    public DateTimeOffset Now { get; set; } = new(2026, 1, 5, 3, 45, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    public EmbeddedEventHub Open(int partitions = 1, EventHubOptions? options = null) =>
        EmbeddedEventHub.Open(Path, "ticks", partitions, this, options);

    public string[] Segments(string partition = "0") =>
        [.. Directory.GetFiles($"{Path}/{partition}").Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static EventData[] Events(int first, int count, int bodyBytes = 20) =>
        [.. Enumerable.Range(first, count).Select(i => new EventData($"{i}".PadRight(bodyBytes, '.')))];

    public static async Task<List<StoredEvent>> ReadAllAsync(EmbeddedEventHub hub, string partition = "0", int step = 700)
    {
        var all = new List<StoredEvent>();
        while (true)
        {
            long after = all.Count == 0 ? -1 : all[^1].SequenceNumber;
            IReadOnlyList<StoredEvent> page = await hub.ReadAsync(partition, after, step, default);
            if (page.Count == 0)
            {
                return all;
            }

            all.AddRange(page);
        }
    }

    public static int NumberOf(StoredEvent stored) =>
        int.Parse(stored.Body.Span[..stored.Body.Span.IndexOfAnyExceptInRange((byte)'0', (byte)'9')], CultureInfo.InvariantCulture);
}
