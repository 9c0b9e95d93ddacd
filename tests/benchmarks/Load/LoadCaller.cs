using System.Diagnostics;

namespace FinVault.Benchmarks.Load;

/// <summary>Seconds since the start of a run.</summary>
internal sealed class LoadClock
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public double Now => Stopwatch.GetElapsedTime(_started).TotalSeconds;

    public async Task UntilAsync(double second)
    {
        double left = second - Now;
        if (left > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(left));
        }
    }
}

/// <summary>
/// One whose requests FinVault counts together: an account, or this address where nobody has signed in. When an answer
/// asks it for patience (429, Retry-After), none of its users sends anything before then.
/// </summary>
/// <param name="token">Of its session; null for nobody's.</param>
internal sealed class LoadCaller(string? token)
{
    private double _notBefore;

    public string? Token => token;

    /// <summary>Seconds of the run before which it must not ask again.</summary>
    public double NotBefore => Volatile.Read(ref _notBefore);

    public void Wait(double until)
    {
        double known = NotBefore;
        while (until > known && Interlocked.CompareExchange(ref _notBefore, until, known) is var now && now != known)
        {
            known = now;
        }
    }
}
