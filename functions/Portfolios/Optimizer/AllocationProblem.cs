namespace FinVault.Portfolios;

/// <summary>What a portfolio may be made of. Arrays have an item an asset; weights are parts of 1.</summary>
/// <param name="Mean">Expected return a year: 0.1 is 10 %.</param>
/// <param name="Covariance">Of a year's returns, symmetric and positive definite.</param>
/// <param name="Lower">The least weight, 0 or more: no short positions.</param>
/// <param name="Upper">The greatest weight, at most 1.</param>
/// <param name="Sectors">The number of each asset's sector, an index of <paramref name="SectorCaps"/>.</param>
/// <param name="SectorCaps">The most that a sector may weigh in sum.</param>
public sealed record AllocationProblem(
    double[] Mean, double[][] Covariance, double[] Lower, double[] Upper, int[] Sectors, double[] SectorCaps)
{
    public int Assets => Mean.Length;

    /// <summary>Long only, without any further bound.</summary>
    public static AllocationProblem LongOnly(double[] mean, double[][] covariance)
    {
        ArgumentNullException.ThrowIfNull(mean);
        return new(mean, covariance, new double[mean.Length], [.. mean.Select(_ => 1.0)], new int[mean.Length], [1]);
    }

    /// <summary>Null, or why no portfolio can meet the bounds.</summary>
    public string? Fault()
    {
        if (Assets == 0 || Covariance.Length != Assets || Lower.Length != Assets || Upper.Length != Assets
            || Sectors.Length != Assets || Sectors.Any(sector => sector < 0 || sector >= SectorCaps.Length))
        {
            return "Every asset needs a mean, covariances, bounds and a sector that has a cap.";
        }

        for (int i = 0; i < Assets; i++)
        {
            if (Covariance[i].Length != Assets || !Covariance[i].All(double.IsFinite))
            {
                return $"Asset {i} has no covariance with some other: they need days in common.";
            }

            if (!(Lower[i] >= 0 && Lower[i] <= Upper[i] && double.IsFinite(Mean[i]) && Covariance[i][i] > 0))
            {
                return $"Asset {i} needs a finite mean, a variance, and 0 ≤ least ≤ greatest weight.";
            }
        }

        return Lower.Sum() > 1 + 1e-12 ? "The least weights exceed 1 in sum."
            : SectorSums(Lower).Zip(SectorCaps).Any(pair => pair.First > pair.Second + 1e-12)
                ? "The least weights of a sector exceed its cap."
            : SectorSums(Upper).Zip(SectorCaps).Sum(pair => Math.Min(pair.First, pair.Second)) < 1 - 1e-12
                ? "The greatest weights and the sectors' caps do not reach 1 in sum."
            : null;
    }

    /// <summary>A sum of weights for each sector.</summary>
    public double[] SectorSums(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        double[] sums = new double[SectorCaps.Length];
        for (int i = 0; i < weights.Count; i++)
        {
            sums[Sectors[i]] += weights[i];
        }

        return sums;
    }

    /// <summary>
    /// Fills weights in an order of preference, each as far as its bound and its sector let it. As the bounds nest,
    /// filling by falling mean gives the portfolio of the highest return.
    /// </summary>
    public double[] Fill(IEnumerable<int> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        double[] weights = [.. Lower];
        double left = 1 - weights.Sum();
        double[] room = [.. SectorCaps.Zip(SectorSums(weights), (cap, used) => cap - used)];
        foreach (int asset in order)
        {
            double more = Math.Max(0, Math.Min(left, Math.Min(Upper[asset] - Lower[asset], room[Sectors[asset]])));
            weights[asset] += more;
            left -= more;
            room[Sectors[asset]] -= more;
        }

        return weights;
    }
}
