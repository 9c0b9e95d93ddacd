using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.Hosting;

/// <summary>The real process: exit codes, Ctrl-C, and kill -9 at random points.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int Kills = 3;
    private const int BatchesAKill = 6;
    private const int Symbols = 4;
    private const int TicksABatch = 40;

    private readonly string _data = Directory.CreateTempSubdirectory("finvault-process-").FullName;

    [Fact]
    public async Task UnknownOption_IsOneLine_AndExits2()
    {
        (int exit, string output) = await HostProcess.RunAsync("--colour");

        Assert.Equal(2, exit);
        Assert.Equal("There is no option --colour. --help lists them.", output.Trim());
    }

    [Fact]
    public async Task CtrlC_Drains_AndExits0()
    {
        await using HostProcess host = await HostProcess.StartAsync("--data", _data);

        Assert.Equal(0, await host.InterruptAsync());
        Assert.Contains("Stopped.", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondProcessOnTheFolder_SaysSo_AndExits1()
    {
        await using HostProcess host = await HostProcess.StartAsync("--data", _data);

        (int exit, string output) = await HostProcess.RunAsync("--data", _data, "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, exit);
        Assert.Contains("is in use by another FinVault process", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MalformedReplay_NamesTheLine_AndExits1()
    {
        string file = Path.Combine(_data, "bad.csv");
        await File.WriteAllTextAsync(
            file, "symbol,seq,timestamp,ltp,volume\nA,1,2025-06-10 09:15:00,1.5,1\nA,2,2025-06-10 09:15:00,cheap,1\n");

        (int exit, string output) = await HostProcess.RunAsync(
            "--data", ":memory:", "--urls", "http://127.0.0.1:0", "--replay", file, "--speed", "max");

        Assert.Equal(1, exit);
        Assert.Contains("bad.csv, line 3: the ltp 'cheap' is not a plain number.", output, StringComparison.Ordinal);
    }

    /// <summary>A feed resends from its last acknowledgement; nothing acknowledged is lost, nothing is counted twice.</summary>
    [Fact]
    public async Task KillMinus9_LosesNothingThatWasAcknowledged()
    {
        var random = new Random(11);
        int next = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            await using HostProcess host = await HostProcess.StartAsync("--data", _data);
            using var killed = new CancellationTokenSource();
            Task killing = KillAfterAsync(host, () => next >= (kill + 1) * BatchesAKill, random.Next(30), killed);
            while (!killed.IsCancellationRequested && await SendAsync(host, next))
            {
                next++;
            }

            await killing;
        }

        await using HostProcess last = await HostProcess.StartAsync("--data", _data);
        Assert.True(await SendAsync(last, next++));
        JsonElement counters = default;
        await Eventually.TrueAsync(
            async () =>
            {
                counters = JsonElement.Parse(await last.Client.GetStringAsync("/api/v1/market/ingest"));
                return counters.GetProperty("accepted").GetInt64() >= next * TicksABatch;
            },
            $"all {next * TicksABatch} ticks are counted");
        Assert.Equal(next * TicksABatch, counters.GetProperty("accepted").GetInt64());
        Assert.Equal(0, counters.GetProperty("rejected").GetInt64());
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static async Task KillAfterAsync(HostProcess host, Func<bool> due, int milliseconds, CancellationTokenSource killed)
    {
        await Eventually.TrueAsync(due, "enough batches are acknowledged");
        await Task.Delay(milliseconds);
        await host.KillAsync();
        await killed.CancelAsync();
    }

    /// <summary>True when the batch was acknowledged.</summary>
    private static async Task<bool> SendAsync(HostProcess host, int batch)
    {
        try
        {
            using HttpResponseMessage answer = await host.Client.PostAsync(
                "/api/v1/market/ticks", new StringContent(Ticks(batch), Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return true;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return false;
        }
    }

    // A second a tick of each symbol, so that each is newer than the one before and a resent one is seen to be.
    private static string Ticks(int batch) => JsonSerializer.Serialize(Enumerable.Range(0, TicksABatch).Select(i =>
    {
        int tick = (batch * TicksABatch) + i;
        DateTime time = new DateTime(2025, 6, 10, 4, 0, 0, DateTimeKind.Utc).AddSeconds(tick / Symbols);
        return new
        {
            symbol = string.Create(CultureInfo.InvariantCulture, $"SAMPLE-{(char)('A' + (tick % Symbols))}"),
            price = 100 + (tick % 7),
            volume = tick + 1,
            eventTime = time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
    }));
}
