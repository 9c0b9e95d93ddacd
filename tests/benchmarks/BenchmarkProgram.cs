using System.Globalization;
using FinVault.Benchmarks.Abuse;
using FinVault.Benchmarks.Attempts;
using FinVault.Benchmarks.Fanout;
using FinVault.Benchmarks.Harness;
using FinVault.Benchmarks.Load;
using FinVault.Benchmarks.Orchestrations;
using FinVault.Benchmarks.Plans;
using FinVault.Benchmarks.Portfolios;
using FinVault.Benchmarks.Ticks;
using FinVault.Benchmarks.Transfers;
using FinVault.Benchmarks.Uploads;
using FinVault.Benchmarks.Web;

namespace FinVault.Benchmarks;

/// <summary>
/// The command line: a benchmark's name and its options. Progress goes to standard error, results to standard output.
/// </summary>
internal static class BenchmarkProgram
{
    private const string Usage = """
        usage: dotnet run -c Release --project tests/benchmarks -- NAME [options]

        ticks     from the hub to the committed store: ticks a second, request units and Cosmos operations a tick
          --partitions N       [4] partitions of the hub
          --symbols N          [50] symbols; above 50 each recorded one is split by its second
          --ticks N            [388390] ticks, as far as the recording goes
          --ticks-per-event N  [1] ticks of a symbol in one event, at most
          --runs N             [1] the median of so many is reported
          --matrix             from 1 to 32 partitions and from 50 to 5,000 symbols, as a table
          --peers              in turns with PostgreSQL and Redis, on the same 200,000 ticks

        fanout    from the hub to the browser: deliveries a CPU-second, delay from publication to client
          --clients N,N        [500,2000] clients of 10 symbols; the last is the one reported
          --rate N             [500] ticks a second, of all symbols together
          --seconds N          [8] how long
          --packed             clients watch as lists do, one message in half a second
          --symbols N          [50] symbols
          --peers              in turns with Redis and a Socket.IO gateway, the same clients and rate

        look      at all boards, which an instance takes twice a second: request units and the processor's time
          --symbols N          [5000] symbols

        attempts  5,000 attempts on 100 prizes over HTTP, a CPU-second, in turns with Redis and PostgreSQL
          --alone              without the peer

        ledger    transfers a CPU-second, uniform and skewed accounts, in turns with PostgreSQL
          --accounts N         [1000] accounts; the skewed case picks them by Zipf's law, exponent 2
          --seconds N          [10] how long
          --alone              without the peer

        orchestrations  of five activities a CPU-second, in turns with BullMQ
          --count N            [10000] orchestrations, after a tenth to warm up
          --alone              without the peer

        abuse     others' p95 during 1,000 sign-ins and 1,000 registrations from 70 addresses, by that without
          --seconds N          [10] how long before and after

        optimizer the best of 1,000 assets, a rebalancing plan and alerts in memory, without stores
          --assets N           [1000] assets
          --alerts N           [100000] alerts on 50 symbols
          --runs N             [7] the median of so many is reported

        portfolio holdings, performance, plans and alerts over HTTP with what each asks of the store; a night's rebalancing
          --requests N         [300] of each kind
          --lanes N            [1] requests at a time
          --accounts N         [5000] accounts of the night
          --runs N             [7] of the optimiser, the median is reported

        web       in a headless Chromium: when a phone on a slow network has painted a page, frames of a long list that scrolls
          --rows N             [10000] holdings
          --runs N             [5] the median of so many loads is reported
          --seconds N          [6] how long it scrolls, three times, in turns with an empty page

        uploads   presigns a second, and the app's memory while a gigabyte goes up beside it
          --seconds N          [10] how long URLs are asked for
          --files N            [5] files of 200 MB

        load      users who look at boards, charts and giveaways and hold live connections, of any FinVault; an HTML report
          --url URL            [a local host that it starts] where FinVault answers
          --users N            [500] virtual users, each with a live connection (--no-live: without)
          --model M            [closed] each user waits and thinks; open: --rate requests a second come whatever happens
          --rate N             [100] requests a second in the open model
          --seconds N          [60] how long, with --ramp N [10], after which latencies count
          --think-ms N         [1000] a user's pause on average in the closed model
          --user E --password P  signs in; with --accounts N the {n} in E is 1 to N
          --giveaways ID,ID    whose public pages are looked at
          --p95-ms N, --errors-percent N  ends with 1 when it is more
          --report FILE        [load.html]

        ticks and fanout
          --recording FILE     rows of symbol,seq,timestamp,ltp,volume (.gz or not); else ../shared's, else made up

        all
          --rounds N           [3] turns with the peers

        Servers run on core 0, load generators on core 1. The last line is JSON. See tests/benchmarks/README.md.
        """;

    private static readonly Dictionary<string, Func<string[], Task>> Benchmarks = new()
    {
        ["ticks"] = TicksBenchmark.RunAsync,
        ["fanout"] = FanoutBenchmark.RunAsync,
        ["look"] = LookBenchmark.RunAsync,
        ["attempts"] = AttemptsBenchmark.RunAsync,
        ["ledger"] = TransferBenchmark.RunAsync,
        ["uploads"] = UploadsBenchmark.RunAsync,
        ["abuse"] = AbuseBenchmark.RunAsync,
        ["load"] = LoadBenchmark.RunAsync,
        ["portfolio"] = PortfolioBenchmark.RunAsync,
        ["optimizer"] = OptimizerBenchmark.RunAsync,
        ["web"] = WebBenchmark.RunAsync,
        ["orchestrations"] = OrchestrationBenchmark.RunAsync,
        // Processes that the benchmarks start themselves.
        [WebServer.Name] = WebServer.RunAsync,
        [AbuseServer.Name] = AbuseServer.RunAsync,
        [PortfolioServer.Name] = PortfolioServer.RunAsync,
        [LoadServer.Name] = LoadServer.RunAsync,
        [UploadsServer.Name] = UploadsServer.RunAsync,
        [TicksServer.Name] = TicksServer.RunAsync,
        [FanoutServer.Name] = FanoutServer.RunAsync,
        [FanoutLoad.Name] = FanoutLoad.RunAsync,
        [AttemptsServer.Name] = AttemptsServer.RunAsync,
        [AttemptsLoad.Name] = AttemptsLoad.RunAsync,
        [TransferServer.Name] = TransferServer.RunAsync,
        [OrchestrationServer.Name] = OrchestrationServer.RunAsync,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args.Length == 0 || args[0] is "--help" or "-h" || args.Contains("--help"))
        {
            Console.WriteLine(Usage);
            return args.Length == 0 ? 2 : 0;
        }

        try
        {
            await (Benchmarks.TryGetValue(args[0], out Func<string[], Task>? benchmark)
                ? benchmark(args[1..])
                : throw new UsageException($"There is no benchmark '{args[0]}'."));
            return 0;
        }
        catch (LimitsBrokenException broken)
        {
            await Console.Error.WriteLineAsync(broken.Message);
            return 1;
        }
        catch (UsageException wrong)
        {
            await Console.Error.WriteLineAsync($"{wrong.Message}\n\n{Usage}");
            return 2;
        }
    }
}
