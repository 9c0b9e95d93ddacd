using System.Globalization;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Fanout;

/// <summary>
/// What a delivery costs the server, and how long a tick takes from its publication to a client's socket.
/// </summary>
internal static class FanoutBenchmark
{
    private const int WarmUpRate = 250;
    private const int WarmUpSeconds = 4;

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "clients", "rate", "seconds", "recording", "rounds", "peers?", "packed?", "symbols");
        using RunFolder folder = new();
        int rate = options.Number("rate", 500);
        int[] sizes = options.Numbers("clients", 500, 2_000);
        bool peers = options.Has("peers");
        // The peer reads a file.
        string? recording = options.Text("recording") ?? Places.Recording ?? (peers ? TickSource.WriteMadeUp(folder) : null);
        if (peers)
        {
            PeerRun.Require();
        }

        FanoutTable table = new();
        FanoutRun? last = null;
        foreach (int clients in sizes)
        {
            for (int round = 0; round < (peers ? options.Number("rounds", 3) : 1); round++)
            {
                last = await RunOnceAsync(clients, rate, options.Number("symbols", 50), options.Number("seconds", 8), recording, options.Has("packed"));
                PeerRun? peer = peers
                    ? await PeerRun.StartAsync("fanout", $"{clients}", $"{rate}", recording!)
                    : null;
                table.Add(last, peer);
            }
        }

        table.Print();
        Console.WriteLine(Figures.ToJson(table.Result(last!.Clients)));
    }

    private static async Task<FanoutRun> RunOnceAsync(
        int clients, int rate, int symbols, int seconds, string? recording, bool packed)
    {
        using RunFolder folder = new();
        await using Child server = Child.Start(
            Child.ServerCore, FanoutServer.Name,
            [
                "--folder", folder.Path, "--symbols", symbols.ToString(CultureInfo.InvariantCulture),
                .. recording is null ? Array.Empty<string>() : ["--recording", recording],
            ]);
        string address = await server.AnswerAsync();
        await using Child load = Child.Start(
            Child.LoadCore, FanoutLoad.Name,
            ["--folder", folder.Path, "--address", address, "--clients", clients.ToString(CultureInfo.InvariantCulture),
                .. packed ? ["--packed"] : Array.Empty<string>()]);
        await load.AnswerAsync(new Progress($"{clients} clients connect"));
        await server.AskAsync($"publish {WarmUpRate} {WarmUpSeconds}", new Progress("warm-up"));
        await load.AskAsync("reset");

        Cpu cpu = Cpu.Start(server.Id, load.Id);
        int published = int.Parse(
            await server.AskAsync($"publish {rate} {seconds}", new Progress($"{clients} clients, {rate} ticks/s")),
            CultureInfo.InvariantCulture);
        FanoutDelivered delivered = Figures.FromJson<FanoutDelivered>(await load.AskAsync("finish"));
        (double[] used, double others) = cpu.Stop();
        return new FanoutRun(clients, rate, seconds, published, delivered, used[0], used[1], others);
    }
}

/// <summary>One run. CPU in seconds; the others' share in cores.</summary>
internal sealed record FanoutRun(
    int Clients, int Rate, int Seconds, int Published, FanoutDelivered Delivered, double ServerCpu, double LoadCpu,
    double OthersShare);
