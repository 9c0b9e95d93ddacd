namespace FinVault.Portfolios;

/// <summary>How much returns vary, and what was earned for it. A year has 252 trading days.</summary>
/// <param name="Volatility">Sample standard deviation of daily returns × √252.</param>
/// <param name="Sharpe">(Mean daily return − the free one) × 252 ÷ volatility (Sharpe 1994).</param>
/// <param name="Sortino">Mean daily return × 252 ÷ (√mean square of losses × √252); losses are returns below 0.</param>
/// <param name="Beta">Covariance with the benchmark ÷ its variance.</param>
/// <param name="Alpha">Jensen's, a year: what was earned above the free rate less beta times what the benchmark did.</param>
public sealed record RiskFigures(Statistic Volatility, Statistic Sharpe, Statistic Sortino, Statistic Beta, Statistic Alpha)
{
    public const int TradingDays = 252;

    /// <summary>Fewer days than these say nothing about a year.</summary>
    public const int FewestDays = 20;

    /// <summary>Variances below this are rounding.</summary>
    private const double NoVariance = 1e-20;

    /// <param name="sums">Of the window.</param>
    /// <param name="riskFree">Of a year: 0.06 for 6 %.</param>
    public static RiskFigures Of(ReturnSums sums, double riskFree = 0)
    {
        if (sums.Count < FewestDays)
        {
            Statistic few = Few(sums.Count);
            return new(few, few, few, few, few);
        }

        double mean = sums.Sum / sums.Count;
        double deviation = Math.Sqrt(Math.Max(0, (sums.Squares - (sums.Sum * mean)) / (sums.Count - 1)));
        double loss = Math.Sqrt(Math.Max(0, sums.LossSquares / sums.Count));
        double yearly = Math.Sqrt(TradingDays);
        double free = riskFree / TradingDays;
        Statistic beta = BetaOf(sums);
        return new(
            Statistic.Of(deviation * yearly),
            Ratio((mean - free) * yearly, deviation),
            Ratio(mean * yearly, loss),
            beta,
            beta.Then(value => Statistic.Of(TradingDays * ((sums.PairedSum / sums.Paired) - free
                - (value * ((sums.BenchmarkSum / sums.Paired) - free))))));
    }

    private static Statistic BetaOf(ReturnSums sums)
    {
        if (sums.Paired < FewestDays)
        {
            return Few(sums.Paired);
        }

        double mean = sums.BenchmarkSum / sums.Paired;
        double variance = sums.BenchmarkSquares - (sums.BenchmarkSum * mean);
        return variance / sums.Paired < NoVariance
            ? Statistic.No(UnavailableReason.NoVolatility, "The benchmark does not vary.")
            : Statistic.Of((sums.Products - (sums.PairedSum * mean)) / variance);
    }

    private static Statistic Ratio(double earned, double risk) => risk * risk < NoVariance
        ? Statistic.No(UnavailableReason.NoVolatility, "The returns do not vary.")
        : Statistic.Of(earned / risk);

    private static Statistic Few(long days) =>
        Statistic.No(UnavailableReason.TooShort, $"{days} daily returns are fewer than {FewestDays}.");
}
