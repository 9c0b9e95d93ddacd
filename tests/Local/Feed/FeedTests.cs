using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FinVault.Local.EventHubs;
using FinVault.Local.Feed;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Feed;

/// <summary>Replays and the demo feed.</summary>
public sealed class FeedTests : IDisposable
{
    private const string Heading = "symbol,seq,timestamp,ltp,volume\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("finvault-feed-").FullName;

    private static string Sample => Repository.PathTo("local", "host", "Feed", "sample-ticks.csv.gz");

    /// <summary>FINVAULT_WRITE_SAMPLE=1 writes the file anew.</summary>
    [Fact]
    public void Sample_IsWhatItsGeneratorWrites()
    {
        using var text = new StringWriter();
        SampleTicks.Write(text);
        if (Environment.GetEnvironmentVariable("FINVAULT_WRITE_SAMPLE") == "1")
        {
            using var written = new GZipStream(File.Create(Sample), CompressionLevel.SmallestSize);
            written.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }

        using var reader = new StreamReader(new GZipStream(File.OpenRead(Sample), CompressionMode.Decompress));
        Assert.Equal(text.ToString(), reader.ReadToEnd());
    }

    [Fact]
    public async Task Sample_IsReplayedWhole_ThroughTheApp()
    {
        await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with { Replay = Sample, Speed = "max" });

        await app.Host.Feeding;

        JsonElement counters = await app.GetJsonAsync("/api/v1/market/ingest");
        long Count(string name) => counters.GetProperty(name).GetInt64();
        Assert.Equal(20_000, Count("received"));
        Assert.Equal(20_000, Count("accepted") + Count("late") + Count("duplicate") + Count("tooLate"));
        Assert.All(["accepted", "late", "duplicate", "tooLate", "volumeReset"], name => Assert.NotEqual(0, Count(name)));
    }

    [Fact]
    public async Task Replay_KeepsFileOrderPerSymbol_AndTheTextOfPrices()
    {
        string file = Write(Heading
            + "A,1,2025-06-10 09:15:00,100.10,5\nB,1,2025-06-10 09:15:00,0.05,1\n"
            + "A,2,2025-06-10 09:14:59,12345678901234567.890123,6\nA,3,2025-06-10 09:15:01.250,100.10,6\n");
        await using AppHost app = await AppHost.WithFunctionsAsync(
            [], options: AppHost.Defaults with { Partitions = 1, Replay = file, Speed = "max" });
        await app.Host.Feeding;

        IReadOnlyList<StoredEvent> stored = await app.Host.Hub.ReadAsync("0", -1, 100, CancellationToken.None);

        Assert.Equal(
            [
                """{"symbol":"A","price":100.10,"volume":5,"eventTime":"2025-06-10T03:45:00Z"}""",
                """{"symbol":"A","price":12345678901234567.890123,"volume":6,"eventTime":"2025-06-10T03:44:59Z"}""",
                """{"symbol":"A","price":100.10,"volume":6,"eventTime":"2025-06-10T03:45:01.250Z"}""",
            ],
            stored.Where(item => item.PartitionKey == "A").Select(item => Encoding.UTF8.GetString(item.Body.Span)));
        Assert.All(stored, item => Assert.Equal("replay", item.Properties["source"]));
        Assert.Equal(4, stored.Count);
    }

    [Fact]
    public async Task Replay_AtASpeed_WaitsByEventTime_AndSkipsLongSilences()
    {
        string file = Write(Heading
            + "A,1,1970-01-01 05:30:00,1,1\nA,2,2025-06-10 09:15:00,1,1\nA,3,2025-06-10 09:15:20,1,2\n");
        var clock = new ManualClock();
        int idle = await AppHost.IdleTimersAsync(clock);
        await using AppHost app = await AppHost.WithFunctionsAsync(
            [], options: AppHost.Defaults with { Partitions = 1, Replay = file, Speed = "10", Time = clock });

        await clock.WhenTimersAsync(idle + 1);
        Assert.Equal(1, app.Host.Hub.LastSequenceNumber("0"));
        clock.Advance(TimeSpan.FromSeconds(2));
        await app.Host.Feeding;

        Assert.Equal(2, app.Host.Hub.LastSequenceNumber("0"));
    }

    [Theory]
    [InlineData("sym,seq\n", 1, "the heading must be")]
    [InlineData(Heading + "A,1,2025-06-10 09:15:00,1.5,1\nA,2\n", 3, "five columns")]
    [InlineData(Heading + "A,1,10.06.2025 09:15,1.5,1\n", 2, "is not yyyy-MM-dd HH:mm:ss")]
    [InlineData(Heading + "A,1,2025-06-10 09:15:00,1e5,1\n", 2, "the ltp '1e5' is not a plain number")]
    [InlineData(Heading + "A,1,2025-06-10 09:15:00,1.5,\n", 2, "the volume '' is not a plain number")]
    [InlineData(Heading + ",1,2025-06-10 09:15:00,1.5,1\n", 2, "the symbol is empty")]
    public void Read_WhenARowIsNone_NamesItsLine(string text, int line, string reason)
    {
        string file = Write(text);

        var wrong = Assert.Throws<TickFileException>(() => TickFile.Read(file).Count());

        Assert.Equal(line, wrong.Line);
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfATornGzip_SaysSo()
    {
        string file = Path.Combine(_folder, "torn.gz");
        File.WriteAllBytes(file, File.ReadAllBytes(Sample)[..20_000]);

        // Depending on where it is torn, the stream ends or a row is half; either names a line.
        Assert.Throws<TickFileException>(() => TickFile.Read(file).Count());
    }

    [Fact]
    public async Task Demo_SendsMarkedSymbolsInOrder_WithRisingVolumes()
    {
        var clock = new ManualClock();
        int idle = await AppHost.IdleTimersAsync(clock);
        await using AppHost app = await AppHost.WithFunctionsAsync(
            [], options: AppHost.Defaults with { Partitions = 1, Feed = "demo", Time = clock });
        await clock.WhenTimersAsync(idle + 1);
        for (int second = 0; second < 20; second++)
        {
            long before = app.Host.Hub.LastSequenceNumber("0");
            clock.Advance(TimeSpan.FromSeconds(2));
            await Eventually.TrueAsync(() => app.Host.Hub.LastSequenceNumber("0") > before, "the demo feed goes on");
        }

        IReadOnlyList<StoredEvent> stored = await app.Host.Hub.ReadAsync("0", -1, 10_000, CancellationToken.None);
        var symbols = stored.Select(item => JsonElement.Parse(item.Body.Span)).GroupBy(t => t.GetProperty("symbol").GetString()!);
        Assert.Equal(20, symbols.Count());
        Assert.All(symbols, symbol =>
        {
            Assert.StartsWith("TEST-", symbol.Key, StringComparison.Ordinal);

            // An empty hub gets yesterday's close first; the volume starts anew each day.
            Assert.All(symbol.GroupBy(tick => tick.GetProperty("eventTime").GetString()![..10]), day =>
            {
                long[] volumes = [.. day.Select(tick => tick.GetProperty("volume").GetInt64())];
                Assert.Equal(volumes.Order(), volumes);
            });
        });
        Assert.All(stored, item => Assert.Equal("demo", item.Properties["source"]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string text)
    {
        string file = Path.Combine(_folder, "ticks.csv");
        File.WriteAllText(file, text);
        return file;
    }
}
