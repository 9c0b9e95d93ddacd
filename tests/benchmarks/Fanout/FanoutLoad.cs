using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Fanout;

/// <summary>
/// The load generator: a process of clients that watch ten symbols each, evenly spread, as the peer's do.
/// </summary>
internal static class FanoutLoad
{
    public const string Name = "fanout-load";

    private const int SymbolsPerClient = 10;
    private const int Connecting = 20;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    // What has not arrived so long after the last publication is lost.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    /// <summary>Takes <c>reset</c> and <c>finish</c> on standard input, and the end of it for the end.</summary>
    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "folder", "address", "clients", "packed?");
        using StampFile stamps = StampFile.Open(options.Text("folder")!);
        DeliveryMeter meter = new(stamps);
        QuoteClient[] clients = [.. Enumerable.Range(0, options.Number("clients", 500))
            .Select(index => new QuoteClient(
                meter, SymbolsOf(index, stamps.Symbols.Length), options.Has("packed") ? "WatchPacked" : "Watch"))];
        using CancellationTokenSource stop = new();
        Task pinging = await ConnectAsync(clients, new Uri(options.Text("address")!), stop.Token);
        Console.WriteLine("connected");
        while (await Child.NextAsync() is { } order)
        {
            await SettleAsync(clients);
            Deliveries got = meter.Take();
            Console.WriteLine(order == "reset" ? "ok"
                : Figures.ToJson(FanoutDelivered.Of(got, clients.Sum(c => c.Outstanding()))));
        }

        await stop.CancelAsync();
        await pinging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Array.ForEach(clients, client => client.Dispose());
    }

    private static async Task<Task> ConnectAsync(
        QuoteClient[] clients, Uri address, CancellationToken cancellationToken)
    {
        using HttpClient http = new() { BaseAddress = address };
        int connected = 0;
        Task pinging = PingAsync(() => clients.AsMemory(0, Volatile.Read(ref connected)), cancellationToken);
        foreach (QuoteClient[] some in clients.Chunk(Connecting))
        {
            await Task.WhenAll(some.Select(client => client.ConnectAsync(http)));
            Volatile.Write(ref connected, connected + some.Length);
            Child.Tell((double)connected / clients.Length);
        }

        return pinging;
    }

    private static async Task PingAsync(Func<ReadOnlyMemory<QuoteClient>> clients, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(PingInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (QuoteClient client in clients().ToArray())
            {
                await client.PingAsync();
            }
        }
    }

    private static async Task SettleAsync(QuoteClient[] clients)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!patience.IsCancellationRequested && Array.Exists(clients, c => c.Outstanding() > 0))
        {
            await Task.Delay(Glance, CancellationToken.None);
        }
    }

    private static int[] SymbolsOf(int client, int symbols)
    {
        double apart = (double)symbols / SymbolsPerClient;
        return [.. Enumerable.Range(0, SymbolsPerClient).Select(i => (int)(client + (i * apart)) % symbols)];
    }
}

/// <summary>The load generator's answer. Delays in milliseconds.</summary>
internal sealed record FanoutDelivered(
    long Messages, long Quotes, long Bytes, long Units, long Ticks, long Lost, long Conflated,
    double TickP50, double TickP99, double QuoteP50, double QuoteP99)
{
    public static FanoutDelivered Of(Deliveries got, long outstanding) => new(
        got.Messages, got.Quotes, got.Bytes, got.Units, got.Ticks, got.Lost + outstanding, got.Conflated,
        got.TickDelays.Milliseconds(0.5), got.TickDelays.Milliseconds(0.99),
        got.QuoteDelays.Milliseconds(0.5), got.QuoteDelays.Milliseconds(0.99));
}
