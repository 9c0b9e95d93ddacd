namespace FinVault.Benchmarks.Load;

/// <summary>Percentiles in milliseconds; all 0 where nothing was answered.</summary>
internal sealed record LoadLatency(double P50, double P90, double P95, double P99, double Max);

/// <summary>A route, or all of them, after the ramp.</summary>
/// <param name="Route">What was asked.</param>
/// <param name="Requests">That were sent.</param>
/// <param name="PerSecond">Of them.</param>
/// <param name="Errors">Answers from 400 on, and requests without one; throttled ones are not among them.</param>
/// <param name="Throttled">Answers 429.</param>
/// <param name="FromDue">From when a request was due.</param>
/// <param name="FromSent">From when it was sent: what it would look like to one who omits those that had to wait.</param>
internal sealed record LoadRow(
    string Route, long Requests, double PerSecond, long Errors, long Throttled, LoadLatency FromDue, LoadLatency FromSent);

/// <summary>Answers that came in a second of the run, and their latency from when they were due.</summary>
internal sealed record LoadSecond(long Good, long Errors, long Throttled, double P50Ms, double P95Ms);

/// <summary>A kind of failure. Status 0 is a request without an answer.</summary>
internal sealed record LoadFailure(string Route, int Status, string Problem, long Count);

/// <summary>Live connections: how many were there at the end, failed to begin, and broke.</summary>
/// <param name="Open">At the end.</param>
/// <param name="Failed">Tries that came to nothing.</param>
/// <param name="Dropped">That ended by themselves; each is begun anew.</param>
/// <param name="Messages">That came.</param>
/// <param name="Quotes">In them.</param>
/// <param name="Lost">Ticks between what a client held and what a message said comes before it.</param>
/// <param name="DelayP50Ms">From FinVault taking a tick to the client, by the clocks of both machines.</param>
/// <param name="DelayP95Ms">The same.</param>
internal sealed record LiveFigures(
    int Open, int Failed, int Dropped, long Messages, long Quotes, long Lost, double DelayP50Ms, double DelayP95Ms);

/// <summary>What was measured.</summary>
/// <param name="All">All routes together.</param>
/// <param name="Routes">Each, by name.</param>
/// <param name="Seconds">The run, second by second, with the ramp.</param>
/// <param name="Failures">By kind, the most frequent first; with the ramp.</param>
/// <param name="HeldBack">Due, but not sent, because the server had asked for patience.</param>
/// <param name="LagP99Ms">How late requests were sent: what the load generator itself adds.</param>
internal sealed record LoadFigures(
    LoadRow All, IReadOnlyList<LoadRow> Routes, IReadOnlyList<LoadSecond> Seconds, IReadOnlyList<LoadFailure> Failures,
    long HeldBack, double LagP99Ms)
{
    private const double Percent = 100;

    public double ErrorsPercent => All.Requests == 0 ? 0 : All.Errors * Percent / All.Requests;

    /// <summary>Which limits of the plan the figures break, in sentences; none for a run that passes.</summary>
    public IReadOnlyList<string> Broken(LoadPlan plan)
    {
        List<string> broken = [];
        if (plan is { P95Ms: null, ErrorsPercent: null })
        {
            return broken;
        }

        if (All.Requests == All.Throttled)
        {
            broken.Add("Nothing was answered: there is nothing to hold against the limits.");
        }

        if (plan.P95Ms is { } latency && All.FromDue.P95 > latency)
        {
            broken.Add(FormattableString.Invariant($"p95 is {All.FromDue.P95:0.0} ms, above {latency:0.##} ms."));
        }

        if (plan.ErrorsPercent is { } errors && ErrorsPercent > errors)
        {
            broken.Add(FormattableString.Invariant($"{ErrorsPercent:0.00} % of the requests failed, above {errors:0.##} %."));
        }

        return broken;
    }
}

/// <summary>The limits that were asked for are broken: the program ends with 1.</summary>
internal sealed class LimitsBrokenException(string message) : Exception(message);
