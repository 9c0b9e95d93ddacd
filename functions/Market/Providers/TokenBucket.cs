namespace FinVault.Market.Providers;

/// <summary>
/// Lets at most <paramref name="perMinute"/> requests through in any 60 seconds. A second's worth may go at once, the
/// rest is spread evenly, so that no minute is spent by its first second; what is held back is refused, never queued,
/// since a price that comes later is better asked for later.
/// </summary>
internal sealed class TokenBucket(int perMinute, TimeProvider time)
{
    // Burst + refill over a minute must stay within the limit; one a minute has no room for both.
    private readonly double _burst = Math.Max(1, perMinute / 60);
    private readonly double _perSecond = Math.Max(1, perMinute - Math.Max(1, perMinute / 60)) / 60.0;

    private const double Rounding = 1e-6;

    private readonly Lock _gate = new();
    private double _tokens = Math.Max(1, perMinute / 60);
    private long _filled = time.GetTimestamp();

    /// <summary>Takes a token if there is one.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_filled, now).TotalSeconds * _perSecond));
            _filled = now;
            if (_tokens < 1 - Rounding)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }

    /// <summary>Puts a token back that was not used after all.</summary>
    public void Return()
    {
        lock (_gate)
        {
            _tokens = Math.Min(_burst, _tokens + 1);
        }
    }
}
