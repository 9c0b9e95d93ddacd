namespace FinVault.Benchmarks.Harness;

/// <summary>Counts durations in buckets 1 % wide; its memory does not grow. Not safe for concurrent use.</summary>
internal sealed class Histogram
{
    private static readonly double Step = Math.Log(1.01);

    private readonly long[] _counts = new long[2_500];

    public long Count { get; private set; }

    public void Add(double microseconds, long times = 1)
    {
        int bucket = microseconds <= 1 ? 0
            : Math.Min(_counts.Length - 1, (int)Math.Ceiling(Math.Log(microseconds) / Step));
        _counts[bucket] += times;
        Count += times;
    }

    /// <summary>Milliseconds below which a share of the durations lies.</summary>
    public double Milliseconds(double share)
    {
        long left = (long)Math.Ceiling(share * Count);
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0)
            {
                return Math.Exp(bucket * Step) / 1_000;
            }
        }

        return double.NaN;
    }
}
