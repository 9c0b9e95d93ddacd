using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Load;

/// <summary>A run: the users, in a closed or an open model.</summary>
internal sealed class LoadRun(LoadPlan plan, LoadHttp http, LoadMeter meter, LoadClock clock, LoadActions actions)
{
    private const int MostUnderWay = 10_000;
    private const int Seed = 20_210_610;

    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    private int _underWay;

    /// <param name="callers">Whom the users are; user n is caller n, over and over.</param>
    public async Task RunAsync(IReadOnlyList<LoadCaller> callers)
    {
        Progress progress = new(plan.ToString());
        using CancellationTokenSource done = new();
        Task telling = TellAsync(progress, done.Token);
        await (plan.Model == LoadModel.Closed
            ? Task.WhenAll(Enumerable.Range(0, plan.Users).Select(user => UserAsync(user, callers[user % callers.Count])))
            : ArriveAsync(callers));
        await done.CancelAsync();
        await telling;
        progress.Report(1);
    }

    private async Task UserAsync(int user, LoadCaller caller)
    {
        Random random = new(Seed + user);
        await clock.UntilAsync(plan.Ramp * user / plan.Users);
        while (clock.Now < plan.Seconds)
        {
            if (caller.NotBefore is var patience && patience > clock.Now)
            {
                // Not all at once when it is over.
                await clock.UntilAsync(Math.Min(plan.Seconds, patience + random.NextDouble()));
                continue;
            }

            LoadAction action = actions.Pick(random);
            await http.SendAsync(caller, HttpMethod.Get, action.Route, action.Path(random));
            double thinks = -Math.Log(1 - random.NextDouble()) * plan.ThinkMs / 1e3;
            await clock.UntilAsync(Math.Min(plan.Seconds, clock.Now + thinks));
        }
    }

    private async Task ArriveAsync(IReadOnlyList<LoadCaller> callers)
    {
        Random random = new(Seed);
        List<Task> last = [];
        int user = 0;
        foreach (double due in new ArrivalSchedule(plan.Rate, plan.Ramp, plan.Seconds, Seed).Arrivals())
        {
            await clock.UntilAsync(due);
            LoadCaller caller = callers[user++ % plan.Users % callers.Count];
            if (caller.NotBefore > due)
            {
                meter.HoldBack();
                continue;
            }

            LoadAction action = actions.Pick(random);
            if (Volatile.Read(ref _underWay) >= MostUnderWay)
            {
                // Whoever comes now would find a queue of ten thousand: that counts as no answer.
                meter.Add(new($"GET {action.Route}", due, due, clock.Now, 0, $"not sent: {MostUnderWay:N0} are under way"));
                continue;
            }

            last.Add(SendAsync(caller, action, action.Path(random), due));
            if (last.Count > MostUnderWay)
            {
                last.RemoveAll(task => task.IsCompleted);
            }
        }

        await Task.WhenAll(last);
    }

    private async Task SendAsync(LoadCaller caller, LoadAction action, string path, double due)
    {
        Interlocked.Increment(ref _underWay);
        // The next arrival does not wait for what a request does before it leaves.
        await Task.Yield();
        await http.SendAsync(caller, HttpMethod.Get, action.Route, path, due);
        Interlocked.Decrement(ref _underWay);
    }

    private async Task TellAsync(Progress progress, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            progress.Report(Math.Min(0.99, clock.Now / plan.Seconds));
            await Task.Delay(TellEvery, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
