namespace FinVault.Portfolios;

/// <summary>
/// Daily returns of assets, and what is estimated from them for a year of 252 days. <c>NaN</c> stands where an asset
/// had no price.
/// </summary>
/// <param name="Daily">A row a day, an item an asset.</param>
public sealed record AssetReturns(double[][] Daily)
{
    private const double Year = RiskFigures.TradingDays;

    public int Assets => Daily.Length == 0 ? 0 : Daily[0].Length;

    /// <summary>Of closes, a row a day; a return needs a price that day and one before, however old that is.</summary>
    public static AssetReturns OfPrices(IReadOnlyList<double[]> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        double[] last = [.. prices[0]];
        List<double[]> days = [];
        foreach (double[] row in prices.Skip(1))
        {
            double[] day = new double[row.Length];
            for (int i = 0; i < row.Length; i++)
            {
                day[i] = double.IsNaN(row[i]) ? (double.IsNaN(last[i]) ? double.NaN : 0) : (row[i] / last[i]) - 1;
                last[i] = double.IsNaN(row[i]) ? last[i] : row[i];
            }

            days.Add(day);
        }

        return new([.. days]);
    }

    /// <summary>Mean daily return × 252 of each asset, over the days it has.</summary>
    public double[] Mean() => PerAsset(days => days.Average() * Year);

    /// <summary>
    /// The yearly return that compounds to what each asset did over the days it has, 252 of them a year: what an
    /// investor saw, and less than <see cref="Mean"/> by about half the variance.
    /// </summary>
    public double[] CompoundMean() =>
        PerAsset(days => Math.Exp(days.Sum(day => Math.Log(1 + day)) * Year / days.Count) - 1);

    /// <summary>
    /// Sample covariance × 252. A pair of assets is taken over the days that both have, so assets of unequal age use
    /// all they have; the result may then fail to be positive definite.
    /// </summary>
    public double[][] SampleCovariance()
    {
        if (!Daily.Any(day => day.Any(double.IsNaN)))
        {
            return Products(Centred(), Year / (Daily.Length - 1));
        }

        double[][] covariance = [.. Enumerable.Range(0, Assets).Select(_ => new double[Assets])];
        double[][] columns = [.. Enumerable.Range(0, Assets).Select(i => Daily.Select(day => day[i]).ToArray())];
        for (int i = 0; i < Assets; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                covariance[i][j] = covariance[j][i] = Pair(columns[i], columns[j]) * Year;
            }
        }

        return covariance;
    }

    /// <summary>
    /// The covariance of Ledoit and Wolf (2004, "A well-conditioned estimator for large-dimensional covariance
    /// matrices") × 252: the sample's (over n) drawn towards equal, uncorrelated variances as far as its own error
    /// makes best. Positive definite with any number of assets. Only days that all assets have count.
    /// </summary>
    /// <returns>The covariance, and how far it was drawn: from 0, the sample's, to 1.</returns>
    public (double[][] Covariance, double Shrinkage) ShrunkCovariance()
    {
        double[][] centred = Centred();
        int days = centred[0].Length;
        double[][] sample = Products(centred, 1.0 / days);
        double mean = Enumerable.Range(0, Assets).Average(i => sample[i][i]);
        double squares = sample.Sum(row => VectorMath.Dot(row, row));
        double distance = (squares - (Assets * mean * mean)) / Assets;
        double fourth = Enumerable.Range(0, days).Sum(day => Math.Pow(centred.Sum(asset => asset[day] * asset[day]), 2));
        double error = Math.Min(((fourth / days) - squares) / (Assets * (double)days), distance);
        double shrinkage = distance > 0 ? error / distance : 0;
        for (int i = 0; i < Assets; i++)
        {
            sample[i] = Array.ConvertAll(sample[i], one => one * (1 - shrinkage) * Year);
            sample[i][i] += shrinkage * mean * Year;
        }

        return (sample, shrinkage);
    }

    private double[] PerAsset(Func<List<double>, double> of) =>
    [
        .. Enumerable.Range(0, Assets)
            .Select(i => Daily.Select(day => day[i]).Where(earned => !double.IsNaN(earned)).ToList())
            .Select(days => days.Count == 0 ? double.NaN : of(days)),
    ];

    /// <summary>A row an asset, an item a day that all assets have, less the asset's mean.</summary>
    private double[][] Centred()
    {
        double[][] whole = [.. Daily.Where(day => !day.Any(double.IsNaN))];
        return
        [
            .. Enumerable.Range(0, Assets).Select(i =>
            {
                double mean = whole.Average(day => day[i]);
                return whole.Select(day => day[i] - mean).ToArray();
            }),
        ];
    }

    private static double[][] Products(double[][] rows, double factor)
    {
        double[][] products = [.. rows.Select(_ => new double[rows.Length])];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                products[i][j] = products[j][i] = factor * VectorMath.Dot(rows[i], rows[j]);
            }
        }

        return products;
    }

    private static double Pair(double[] one, double[] other)
    {
        (int count, double meanOne, double meanOther, double products) = (0, 0, 0, 0);
        for (int i = 0; i < one.Length; i++)
        {
            if (double.IsNaN(one[i]) || double.IsNaN(other[i]))
            {
                continue;
            }

            count++;
            double before = one[i] - meanOne;
            meanOne += before / count;
            meanOther += (other[i] - meanOther) / count;
            products += before * (other[i] - meanOther);
        }

        return products / (count - 1);
    }
}
