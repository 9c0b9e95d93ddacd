using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Load;

/// <summary>A request and what became of it. Times are seconds from the start of the run.</summary>
/// <param name="Route">What was asked, without what differs from user to user.</param>
/// <param name="Due">When it should have been sent: in the open model that does not wait for anything.</param>
/// <param name="Sent">When it was.</param>
/// <param name="Ended">When its answer was there, or was given up.</param>
/// <param name="Status">HTTP's; 0 without an answer.</param>
/// <param name="Problem">The code of the problem, or what went wrong without an answer; null for success.</param>
internal readonly record struct LoadSample(
    string Route, double Due, double Sent, double Ended, int Status, string? Problem = null)
{
    public const int TooMany = 429;

    public bool IsThrottled => Status == TooMany;

    public bool IsError => !IsThrottled && (Status == 0 || Status >= 400);
}

/// <summary>
/// Adds up what a load test sees. Latencies run from when a request was due, so that a server that stops for a while is
/// charged with all who would have come meanwhile (coordinated omission); the time from the actual sending stands beside
/// it. Both are of what was due after the ramp; throttled requests have none. Safe for concurrent use.
/// </summary>
internal sealed class LoadMeter(double ramp)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LoadSums> _routes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, int, string), long> _failures = [];
    private readonly List<LoadSecondSums> _seconds = [];
    private readonly LoadSums _all = new();
    private readonly Histogram _lag = new();
    private long _heldBack;

    public void Add(LoadSample sample)
    {
        lock (_gate)
        {
            if (sample.Problem is not null)
            {
                var failure = (sample.Route, sample.Status, sample.Problem);
                _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
            }

            At((int)sample.Ended).Add(sample);
            if (sample.Due < ramp)
            {
                return;
            }

            if (!_routes.TryGetValue(sample.Route, out LoadSums? route))
            {
                _routes.Add(sample.Route, route = new());
            }

            route.Add(sample);
            _all.Add(sample);
            _lag.Add((sample.Sent - sample.Due) * 1e6);
        }
    }

    /// <summary>Counts what was due, but not sent, because the server had asked for patience.</summary>
    public void HoldBack()
    {
        lock (_gate)
        {
            _heldBack++;
        }
    }

    /// <summary>What there is so far.</summary>
    /// <param name="measuredSeconds">From the end of the ramp to the last request that was due.</param>
    public LoadFigures Figures(double measuredSeconds)
    {
        lock (_gate)
        {
            return new(
                _all.Row("all", measuredSeconds),
                [.. _routes.OrderBy(route => route.Key, StringComparer.Ordinal).Select(route => route.Value.Row(route.Key, measuredSeconds))],
                [.. _seconds.Select(second => second.Row())],
                [.. _failures.OrderByDescending(one => one.Value)
                    .Select(one => new LoadFailure(one.Key.Item1, one.Key.Item2, one.Key.Item3, one.Value))],
                _heldBack,
                _lag.Count == 0 ? 0 : _lag.Milliseconds(0.99));
        }
    }

    private LoadSecondSums At(int number)
    {
        while (_seconds.Count <= number)
        {
            _seconds.Add(new());
        }

        return _seconds[number];
    }
}
