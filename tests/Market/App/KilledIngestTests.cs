using FinVault.Local.Hosting;
using FinVault.Tests.Market.Reference;
using FinVault.Tests.Support;

namespace FinVault.Tests.Market.App;

/// <summary>The process dies without a word, again and again, while a feed sends what was not acknowledged.</summary>
public sealed class KilledIngestTests : IDisposable
{
    private const int Kills = 10;
    private const int TicksPerCall = 500;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("finvault-killed-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task TenKills_DuringAFeed_LoseAndDoubleNothing()
    {
        List<ReferenceTick> ticks = ReferenceTick.ReadRecording(Repository.PathTo("local/host/Feed/sample-ticks.csv.gz"));
        ReferenceMarket reference = new();
        ticks.ForEach(reference.Take);
        HttpFeed feed = new(ticks, TicksPerCall);
        Random random = new(20211);
        for (int kill = 0; kill < Kills; kill++)
        {
            using ChildProcess host = ChildProcess.Start<HostProgram>(_data.FullName);
            Uri server = await HostProgram.AddressAsync(host);
            Task sending = feed.SendAsync(server, feed.Calls * (kill + 2) / (Kills + 1), default);
            await Task.Delay(random.Next(20, 400));
            await host.KillAsync();
            await sending;
        }

        using ChildProcess last = ChildProcess.Start<HostProgram>(_data.FullName);
        Uri address = await HostProgram.AddressAsync(last);
        await feed.SendAsync(address, feed.Calls, default);
        using MarketOverHttp market = new(address);

        Assert.Equal(feed.Calls, feed.Acknowledged);
        Assert.Equal(ReferenceViews.Of(reference), await market.LinesAsync(ticks.Count));
    }

    /// <summary>FinVault on a data folder, in a process of its own; says where it listens.</summary>
    internal sealed class HostProgram : IChildProgram
    {
        private const string Mark = "listening ";

        public async Task RunAsync(string[] args)
        {
            await using LocalHost host = await LocalHost.StartAsync(AppHost.Defaults with { Data = args[0] });
            Console.WriteLine(Mark + host.BaseAddress);
            await Task.Delay(Timeout.Infinite);
        }

        public static async Task<Uri> AddressAsync(ChildProcess host)
        {
            using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
            while (await host.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(Mark, StringComparison.Ordinal))
                {
                    return new Uri(line[Mark.Length..]);
                }
            }

            throw new InvalidOperationException("The host ended before it listened.");
        }
    }
}
