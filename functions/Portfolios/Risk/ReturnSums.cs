namespace FinVault.Portfolios;

/// <summary>
/// Running sums of daily returns since a portfolio began. Kept in each day's snapshot they give volatility, Sharpe,
/// Sortino and beta of any window in two reads and no loop: the sums at its end less the sums at its beginning.
/// Daily returns are small, so a difference of sums over decades still has a dozen good digits.
/// </summary>
/// <param name="Count">Days with a return.</param>
/// <param name="Sum">Of the returns.</param>
/// <param name="Squares">Of their squares.</param>
/// <param name="LossSquares">Of the squares of those below 0.</param>
/// <param name="Paired">The days on which the benchmark has a return, too; the sums below are of these days only.</param>
/// <param name="PairedSum">Of the portfolio's returns.</param>
/// <param name="BenchmarkSum">Of the benchmark's.</param>
/// <param name="BenchmarkSquares">Of their squares.</param>
/// <param name="Products">Of portfolio's times benchmark's.</param>
public readonly record struct ReturnSums(
    long Count, double Sum, double Squares, double LossSquares,
    long Paired, double PairedSum, double BenchmarkSum, double BenchmarkSquares, double Products)
{
    public static ReturnSums operator -(ReturnSums end, ReturnSums begin) => Subtract(end, begin);

    /// <summary>The sums of the days after <paramref name="begin"/> up to <paramref name="end"/>.</summary>
    public static ReturnSums Subtract(ReturnSums end, ReturnSums begin) => new(
        end.Count - begin.Count, end.Sum - begin.Sum, end.Squares - begin.Squares, end.LossSquares - begin.LossSquares,
        end.Paired - begin.Paired, end.PairedSum - begin.PairedSum, end.BenchmarkSum - begin.BenchmarkSum,
        end.BenchmarkSquares - begin.BenchmarkSquares, end.Products - begin.Products);

    /// <summary>With one day more.</summary>
    /// <param name="earned">The portfolio's return, 0.01 for 1 %.</param>
    /// <param name="benchmark">The benchmark's that day; null where it has none.</param>
    public ReturnSums Add(double earned, double? benchmark = null)
    {
        double loss = Math.Min(earned, 0);
        ReturnSums sums = this with
        {
            Count = Count + 1,
            Sum = Sum + earned,
            Squares = Squares + (earned * earned),
            LossSquares = LossSquares + (loss * loss),
        };
        return benchmark is not { } other ? sums : sums with
        {
            Paired = Paired + 1,
            PairedSum = PairedSum + earned,
            BenchmarkSum = BenchmarkSum + other,
            BenchmarkSquares = BenchmarkSquares + (other * other),
            Products = Products + (earned * other),
        };
    }
}
