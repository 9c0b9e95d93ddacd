using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Load;

/// <summary>The sums of a route. Not safe for concurrent use.</summary>
internal sealed class LoadSums
{
    private readonly Histogram _fromDue = new();
    private readonly Histogram _fromSent = new();
    private double _longestFromDue;
    private double _longestFromSent;
    private long _requests;
    private long _errors;
    private long _throttled;

    public void Add(LoadSample sample)
    {
        _requests++;
        _errors += sample.IsError ? 1 : 0;
        if (sample.IsThrottled)
        {
            // A refusal is quick, and would flatter.
            _throttled++;
            return;
        }

        _fromDue.Add((sample.Ended - sample.Due) * 1e6);
        _fromSent.Add((sample.Ended - sample.Sent) * 1e6);
        _longestFromDue = Math.Max(_longestFromDue, (sample.Ended - sample.Due) * 1e3);
        _longestFromSent = Math.Max(_longestFromSent, (sample.Ended - sample.Sent) * 1e3);
    }

    public LoadRow Row(string route, double seconds) => new(
        route, _requests, _requests / seconds, _errors, _throttled,
        Latency(_fromDue, _longestFromDue), Latency(_fromSent, _longestFromSent));

    private static LoadLatency Latency(Histogram times, double longest)
    {
        return times.Count == 0 ? new(0, 0, 0, 0, 0) : new(At(0.5), At(0.9), At(0.95), At(0.99), longest);

        // A bucket's upper edge may lie above the longest there was.
        double At(double share) => Math.Min(longest, times.Milliseconds(share));
    }
}

/// <summary>The sums of a second of the run.</summary>
internal sealed class LoadSecondSums
{
    private readonly Histogram _times = new();
    private long _good;
    private long _errors;
    private long _throttled;

    public void Add(LoadSample sample)
    {
        _errors += sample.IsError ? 1 : 0;
        _throttled += sample.IsThrottled ? 1 : 0;
        _good += sample.IsError || sample.IsThrottled ? 0 : 1;
        if (!sample.IsThrottled)
        {
            _times.Add((sample.Ended - sample.Due) * 1e6);
        }
    }

    public LoadSecond Row() => new(
        _good, _errors, _throttled, _times.Count == 0 ? 0 : _times.Milliseconds(0.5),
        _times.Count == 0 ? 0 : _times.Milliseconds(0.95));
}
