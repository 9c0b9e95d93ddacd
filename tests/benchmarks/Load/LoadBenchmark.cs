using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Load;

/// <summary>
/// A load test of any FinVault, or of a local one: users who look at boards, charts and giveaways, at what is their own
/// where they sign in, and hold live connections. Asks for no more than it is allowed: what is refused with 429 counts
/// apart, and Retry-After is waited for.
/// </summary>
internal static class LoadBenchmark
{
    /// <exception cref="LimitsBrokenException">A limit that was asked for is broken.</exception>
    public static async Task RunAsync(string[] args)
    {
        LoadPlan plan = LoadPlan.From(args);
        if (plan.Url is not null)
        {
            await RunAsync(plan, plan.Url);
            return;
        }

        using RunFolder folder = new();
        await using Child server = Child.Start(Child.ServerCore, LoadServer.Name, "--folder", folder.Path);
        LoadReady ready = Figures.FromJson<LoadReady>(await server.AnswerAsync());
        await RunAsync(
            plan with
            {
                User = plan.User ?? ready.User, Password = plan.Password ?? ready.Password,
                Giveaways = [.. plan.Giveaways, ready.Giveaway],
            },
            ready.Address);
    }

    private static async Task RunAsync(LoadPlan plan, Uri address)
    {
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        LoadClock clock = new();
        // What is asked before the run begins is in nobody's figures.
        using LoadHttp before = new(address, new(double.MaxValue), clock);
        LoadCaller[] callers = await SignInAsync(before, plan);
        LoadActions actions = await LoadActions.FindAsync(before, callers[0], plan);

        LoadClock running = new();
        LoadMeter meter = new(plan.Ramp);
        using LoadHttp http = new(address, meter, running);
        LoadRun run = new(plan, http, meter, running, actions);
        callers = [.. callers.Select(caller => new LoadCaller(caller.Token))];
        LiveCrowd? live = plan.Live && actions.Symbols.Count > 0 ? new(http, running, actions.Symbols, plan.Seconds) : null;
        Task crowd = live is null ? Task.CompletedTask : Task.WhenAll(Enumerable.Range(0, plan.Users).Select(user =>
            live.KeepAsync(user, callers[user % callers.Length], plan.Ramp * user / plan.Users)));
        await run.RunAsync(callers);
        await crowd;
        LoadFigures figures = meter.Figures(plan.Seconds - plan.Ramp);
        await File.WriteAllTextAsync(plan.Report, LoadReport.Html(plan, address, startedAt, figures, live?.Figures));
        Print(plan, figures, live?.Figures);
        if (figures.Broken(plan) is { Count: > 0 } broken)
        {
            throw new LimitsBrokenException(string.Join('\n', broken));
        }
    }

    private static async Task<LoadCaller[]> SignInAsync(LoadHttp http, LoadPlan plan)
    {
        if (plan.User is null)
        {
            return [new(null)];
        }

        Progress progress = new($"{plan.Accounts} sign in");
        List<LoadCaller> callers = [];
        for (int number = 1; number <= plan.Accounts; number++)
        {
            string email = plan.User.Replace("{n}", $"{number}", StringComparison.Ordinal);
            LoadAnswer answer = await http.SendPatientlyAsync(
                new(null), HttpMethod.Post, "auth/sign-in", double.MaxValue, new { email, plan.Password });
            string? token = answer.IsGood && answer.Body.TryGetProperty("session", out var session)
                && session.ValueKind == System.Text.Json.JsonValueKind.Object
                ? session.GetProperty("accessToken").GetString()
                : throw new UsageException($"{email} cannot sign in: {answer.Status}, or a second factor is asked for.");
            callers.Add(new(token));
            progress.Report((double)number / plan.Accounts);
        }

        return [.. callers];
    }

    private static void Print(LoadPlan plan, LoadFigures figures, LiveFigures? live)
    {
        Console.WriteLine("| route | requests | a second | p50 ms | p95 ms | p99 ms | p95 from sending | failed | throttled |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (LoadRow row in figures.Routes.Append(figures.All))
        {
            Console.WriteLine(
                $"| {row.Route} | {row.Requests:N0} | {row.PerSecond.Shown()} | {row.FromDue.P50.Shown()} "
                + $"| {row.FromDue.P95.Shown()} | {row.FromDue.P99.Shown()} | {row.FromSent.P95.Shown()} | {row.Errors:N0} "
                + $"| {row.Throttled:N0} |");
        }

        Console.WriteLine($"\nThe report is {plan.Report}.");
        Console.WriteLine(Figures.ToJson(new
        {
            Model = plan.Model == LoadModel.Open ? "open" : "closed",
            plan.Users,
            figures.All.Requests,
            RequestsPerSecond = figures.All.PerSecond.Rounded(),
            P50Ms = figures.All.FromDue.P50.Rounded(),
            P95Ms = figures.All.FromDue.P95.Rounded(),
            P99Ms = figures.All.FromDue.P99.Rounded(),
            P95FromSendingMs = figures.All.FromSent.P95.Rounded(),
            ErrorsPercent = figures.ErrorsPercent.Rounded(),
            figures.All.Throttled,
            figures.HeldBack,
            LagP99Ms = figures.LagP99Ms.Rounded(),
            Live = live is null ? null : live with
            {
                DelayP50Ms = live.DelayP50Ms.Rounded(), DelayP95Ms = live.DelayP95Ms.Rounded(),
            },
            Broken = figures.Broken(plan),
            plan.Report,
        }));
    }
}
