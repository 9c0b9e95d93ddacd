namespace FinVault.Benchmarks.Load;

/// <summary>
/// When requests come in the open model: by chance, independent of each other and of the answers, as visitors do (a
/// Poisson process), at a rate that grows evenly over the ramp and then stays. The same for the same seed.
/// </summary>
/// <param name="rate">Arrivals a second after the ramp.</param>
/// <param name="ramp">Seconds until then.</param>
/// <param name="seconds">How long arrivals come, the ramp included.</param>
/// <param name="seed">Of the chance.</param>
internal sealed class ArrivalSchedule(double rate, double ramp, double seconds, int seed)
{
    /// <summary>Arrivals that are expected until a moment.</summary>
    public double ExpectedUntil(double second) =>
        second <= 0 ? 0
        : second < ramp ? rate * second * second / (2 * ramp)
        : rate * (second - (ramp / 2));

    /// <summary>Seconds from the start, ascending.</summary>
    public IEnumerable<double> Arrivals()
    {
        Random random = new(seed);
        double expected = 0;
        while (true)
        {
            // Gaps of a process of rate one, stretched by the inverse of what is expected until a moment.
            expected -= Math.Log(1 - random.NextDouble());
            double at = SecondOf(expected);
            if (at >= seconds)
            {
                yield break;
            }

            yield return at;
        }
    }

    private double SecondOf(double expected) => expected < rate * ramp / 2
        ? Math.Sqrt(2 * ramp * expected / rate)
        : (expected / rate) + (ramp / 2);
}
