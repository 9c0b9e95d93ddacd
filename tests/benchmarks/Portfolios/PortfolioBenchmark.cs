using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FinVault.Benchmarks.Harness;
using FinVault.Benchmarks.Plans;

namespace FinVault.Benchmarks.Portfolios;

/// <summary>
/// What an investor waits for: holdings, five years of performance, a rebalancing plan, an alert; what a night takes; and
/// what each asks of the store. Over HTTP on the whole app; optimiser and alerts at full speed in memory.
/// </summary>
internal static class PortfolioBenchmark
{
    private const int Years = 5;
    private const int Few = 50;
    private const int Many = 500;
    private const int Planned = 200;
    private const int PerNightAccount = 20;
    private const int Assets = 1_000;
    private const int AllAlerts = 100_000;
    private const int AlertSymbols = 50;
    private const int Told = 100;
    private const int WarmUps = 60;
    private const double AllAccounts = 100_000;

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "requests", "lanes", "accounts", "runs");
        int requests = options.Number("requests", 300);
        int lanes = options.Number("lanes", 1);
        using RunFolder folder = new();
        await using Child server = Child.Start(Child.ServerCore, PortfolioServer.Name, "--folder", folder.Path);
        PortfolioReady ready = Figures.FromJson<PortfolioReady>(await server.AnswerAsync());
        using HttpClient http = new() { BaseAddress = new(ready.Address, "api/v1/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", ready.Token);
        PortfolioSetup setup = new(http);
        Cpu cpu = Cpu.Start(server.Id);

        await server.AskAsync($"past {Many} {Years}", new($"{PortfolioNames.WithPast} symbols get {Years} years"));
        DateTimeOffset yesterday = DateTimeOffset.UtcNow.AddDays(-1);
        string few = await setup.OpenAsync("Few", Few, yesterday);
        string many = await setup.OpenAsync("Many", Many, yesterday);
        string planned = await setup.OpenAsync("Planned", Planned, yesterday);
        await setup.TargetAsync(planned, Planned, "onRequest");
        string old = await setup.OpenAsync("Old", PortfolioNames.WithPast, DateTimeOffset.UtcNow.AddYears(-Years));
        await server.AskAsync($"snapshots {old}");
        string first = $"{DateTime.UtcNow.AddYears(-Years).AddDays(3):yyyy-MM-dd}";

        Dictionary<string, RouteSeen> seen = new()
        {
            [$"holdings, {Few}"] = await GetAsync(server, http, $"portfolios/{few}/holdings", requests, lanes),
            [$"holdings, {Many}"] = await GetAsync(server, http, $"portfolios/{many}/holdings?limit={Many}", requests, lanes),
            [$"performance, {Years} years"] =
                await GetAsync(server, http, $"portfolios/{old}/performance?from={first}", requests, lanes),
            [$"rebalance plan, {Planned} holdings"] = await PlansAsync(server, setup, planned, requests / 3),
        };
        StoreUse cold = await ColdAsync(server, http, $"portfolios/{many}/holdings?limit={Many}");
        double[] delays = await TellAsync(server, http, setup);
        NightSeen night = await NightAsync(server, setup, options.Number("accounts", 5_000), yesterday);
        double others = cpu.Stop().OthersShare;
        Print(seen, cold, delays, night, options.Number("runs", 7), others);
    }

    private static async Task<RouteSeen> GetAsync(Child server, HttpClient http, string path, int requests, int lanes)
    {
        await AskAsync(WarmUps);
        StoreUse before = Figures.FromJson<StoreUse>(await server.AskAsync("use"));
        double[] milliseconds = await AskAsync(requests);
        return new([.. milliseconds.Order()], Figures.FromJson<StoreUse>(await server.AskAsync("use")) - before);

        async Task<double[]> AskAsync(int count) => [.. (await Task.WhenAll(Enumerable.Range(0, lanes).Select(async _ =>
        {
            List<double> taken = [];
            for (int i = 0; i < count / lanes; i++)
            {
                long started = Stopwatch.GetTimestamp();
                byte[] body = await http.GetByteArrayAsync(path);
                taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                ArgumentOutOfRangeException.ThrowIfLessThan(body.Length, 500);
            }

            return taken;
        }))).SelectMany(lane => lane)];
    }

    private static async Task<RouteSeen> PlansAsync(Child server, PortfolioSetup setup, string account, int requests)
    {
        List<double> taken = [];
        StoreUse used = new(0, 0, 0, 0);
        for (int i = -5; i < requests; i++)
        {
            StoreUse before = Figures.FromJson<StoreUse>(await server.AskAsync("use"));
            long started = Stopwatch.GetTimestamp();
            JsonElement plan = await setup.SendAsync(HttpMethod.Post, $"portfolios/{account}/rebalance", null);
            double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            StoreUse more = Figures.FromJson<StoreUse>(await server.AskAsync("use")) - before;
            await setup.SendAsync(HttpMethod.Post, $"portfolios/{account}/rebalance/{plan.GetProperty("id").GetString()}/cancel", null);
            if (i >= 0)
            {
                taken.Add(milliseconds);
                used = new(
                    used.Reads + more.Reads, used.BoardReads + more.BoardReads, used.Writes + more.Writes, used.Units + more.Units);
            }
        }

        return new([.. taken.Order()], used);
    }

    /// <summary>What one request asks of the store when the boards are no longer cached; the median of several.</summary>
    private static async Task<StoreUse> ColdAsync(Child server, HttpClient http, string path)
    {
        List<StoreUse> seen = [];
        for (int i = 0; i < 7; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            StoreUse before = Figures.FromJson<StoreUse>(await server.AskAsync("use"));
            await http.GetByteArrayAsync(path);
            seen.Add(Figures.FromJson<StoreUse>(await server.AskAsync("use")) - before);
        }

        return seen.OrderBy(one => one.Reads + one.BoardReads).ElementAt(seen.Count / 2);
    }

    /// <summary>Milliseconds from before a tick is sent to the notice of the alert that it fires, one after the other.</summary>
    private static async Task<double[]> TellAsync(Child server, HttpClient http, PortfolioSetup setup)
    {
        const decimal FarAbove = 1_000_000;
        await using NoticeSocket notices = new();
        await notices.ConnectAsync(http);
        for (int i = 0; i < Told; i++)
        {
            await setup.AlertAsync(PortfolioNames.Of(i), FarAbove);
        }

        Progress progress = new($"{Told} alerts fire");
        List<double> delays = [];
        for (int i = 0; i < Told; i++)
        {
            string symbol = PortfolioNames.Of(i);
            long sent = long.Parse(await server.AskAsync($"price {symbol} {FarAbove + 1}"), CultureInfo.InvariantCulture);
            long heard = await notices.HeardAsync(symbol).WaitAsync(TimeSpan.FromSeconds(60));
            delays.Add(Stopwatch.GetElapsedTime(sent, heard).TotalMilliseconds);
            progress.Report((i + 1.0) / Told);
        }

        return [.. delays.Order()];
    }

    private static async Task<NightSeen> NightAsync(Child server, PortfolioSetup setup, int accounts, DateTimeOffset since)
    {
        string one = await setup.OpenAsync("Night", PerNightAccount, since);
        await setup.TargetAsync(one, PerNightAccount, "automatic");
        await server.AskAsync($"copy {one} {accounts - 1}", new($"{accounts:N0} accounts"));
        return Figures.FromJson<NightSeen>(await server.AskAsync("night", new("a night")));
    }

    private static void Print(
        Dictionary<string, RouteSeen> seen, StoreUse cold, double[] delays, NightSeen night, int runs, double others)
    {
        Console.WriteLine("| | p50 ms | p95 ms | reads | of boards | writes | RU |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach ((string name, RouteSeen one) in seen)
        {
            Console.WriteLine(
                $"| {name} | {one.P50.Shown()} | {one.P95.Shown()} | {one.Each(use => use.Reads).Shown()} "
                + $"| {one.Each(use => use.BoardReads).Shown()} | {one.Each(use => use.Writes).Shown()} | {one.Each(use => use.Units).Shown()} |");
        }

        double accountsPerSecond = night.Accounts / night.Seconds;
        double delay = delays[(int)(0.95 * (delays.Length - 1))];
        Console.WriteLine($"\nHoldings with no board in memory: {cold.Reads} read of the account, {cold.BoardReads} of boards.");
        Console.WriteLine($"From a tick to the notice of its alert: p50 {delays[delays.Length / 2].Shown()} ms, p95 {delay.Shown()} ms.");
        Console.WriteLine(
            $"{night.Accounts:N0} accounts of {PerNightAccount} holdings rebalanced in {night.Seconds.Shown()} s, {night.CpuSeconds.Shown()} "
            + $"CPU-s: {AllAccounts:N0} in {(AllAccounts / accountsPerSecond / 60).Shown()} min; each "
            + $"{(night.Store.Reads / (double)night.Accounts).Shown()} reads, {(night.Store.Writes / (double)night.Accounts).Shown()} writes, "
            + $"{(night.Store.Units / night.Accounts).Shown()} RU. Others used {others.Shown()} cores.\n");
        double optimiser = OptimizerBenchmark.Optimise(Assets, runs);
        double ticks = OptimizerBenchmark.AlertTicks(AllAlerts);
        RouteSeen holdings = seen[$"holdings, {Many}"];
        Console.WriteLine(Figures.ToJson(new
        {
            HoldingsP95Ms = holdings.P95.Rounded(),
            HoldingsReads = holdings.Each(use => use.Reads + use.BoardReads).Rounded(),
            PerformanceReads = seen[$"performance, {Years} years"].Each(use => use.Reads + use.BoardReads).Rounded(),
            RebalanceReads = seen[$"rebalance plan, {Planned} holdings"].Each(use => use.Reads + use.BoardReads).Rounded(),
            RebalanceWrites = seen[$"rebalance plan, {Planned} holdings"].Each(use => use.Writes).Rounded(),
            NightReads = (night.Store.Reads / (double)night.Accounts).Rounded(),
            NightWrites = (night.Store.Writes / (double)night.Accounts).Rounded(),
            NightRu = (night.Store.Units / night.Accounts).Rounded(),
            PerformanceP95Ms = seen[$"performance, {Years} years"].P95.Rounded(),
            RebalanceP95Ms = seen[$"rebalance plan, {Planned} holdings"].P95.Rounded(),
            Optimiser1000Ms = optimiser.Rounded(),
            AlertsPerSecond = (ticks * AllAlerts / AlertSymbols).Rounded(),
            AlertTicksPerSecond = ticks.Rounded(),
            AlertDelayP95Ms = delay.Rounded(),
            Holdings50P95Ms = seen[$"holdings, {Few}"].P95.Rounded(),
            Rebalanced100000Minutes = (AllAccounts / accountsPerSecond / 60).Rounded(),
            OthersCores = others.Rounded(),
        }));
    }
}
