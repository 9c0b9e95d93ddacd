using System.Globalization;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios.Risk;

/// <summary>The running sums against a plain second implementation, on data that nobody here made.</summary>
public sealed class RiskTests
{
    [SharedDataFact("data", "returns")]
    public void Figures_OnReferenceReturns_AreThoseOfThePlainFormulas()
    {
        Dictionary<string, double> returns = ReferenceData.Rows("returns", "returns.csv.gz")
            .ToDictionary(row => row[0], row => ReferenceData.Number(row[1]) / 100);
        (double Own, double Other)[] days =
        [
            .. ReferenceData.Rows("returns", "factor_returns.csv.gz").Skip(1)
                .Where(row => returns.ContainsKey(row[0]))
                .Select(row => (returns[row[0]], ReferenceData.Number(row[1]) / 100)),
        ];

        Assert.True(days.Length > 500);
        AssertPlain(days, 0.05);
    }

    [SharedDataFact("data", "daily")]
    public void Figures_OnRealStocks_AreThoseOfThePlainFormulas()
    {
        string[][] stocks = ReferenceData.Rows("daily", "sp500_dataset.csv.gz");
        double[] index = [.. ReferenceData.Rows("daily", "sp500_index.csv.gz").Skip(1).Select(row => ReferenceData.Number(row[1]))];
        for (int column = 1; column < stocks[0].Length; column += 5)
        {
            double[] prices = [.. stocks.Skip(1).Select(row => ReferenceData.Number(row[column]))];
            AssertPlain(Returns(prices).Zip(Returns(index)).ToArray(), 0.02);
        }
    }

    [SharedDataFact("data", "daily")]
    public void Drawdown_OfTheIndex_IsTheFinancialCrisis()
    {
        Drawdown drawdown = Drawdown.Of(ReferenceData.Rows("daily", "sp500_index.csv.gz").Skip(1)
            .Select(row => (ReferenceData.Date(row[0]), ReferenceData.Number(row[1]))))!;

        // Published: S&P 500 from 1,565.15 on 9 October 2007 to 676.53 on 9 March 2009, −56.8 %.
        Assert.Equal(new DateOnly(2007, 10, 9), drawdown.From);
        Assert.Equal(new DateOnly(2009, 3, 9), drawdown.To);
        Assert.Equal((676.53 / 1_565.15) - 1, drawdown.Deepest, 6);
        Assert.Equal(new DateOnly(2013, 3, 28), drawdown.RecoveredOn);
    }

    [Fact]
    public void Drawdown_IsTheDeepestFallOfAnyTwoDays() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyArray<byte>>(),
        levels =>
        {
            (DateOnly Date, double Index)[] days =
                [.. levels.Get.Select((level, i) => (new DateOnly(2024, 1, 1).AddDays(i), level + 1.0))];
            double deepest = 0;
            for (int i = 0; i < days.Length; i++)
            {
                for (int j = i; j < days.Length; j++)
                {
                    deepest = Math.Min(deepest, (days[j].Index / days[i].Index) - 1);
                }
            }

            Assert.Equal(deepest, Drawdown.Of(days)!.Deepest, 1e-12);
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Figures_OfTooFewDays_SayHowMany()
    {
        ReturnSums sums = default;
        for (int i = 0; i < 19; i++)
        {
            sums = sums.Add(i % 2 * 0.01, 0.01);
        }

        Assert.Equal(UnavailableReason.TooShort, RiskFigures.Of(sums).Volatility.Unavailable?.Reason);
        RiskFigures enough = RiskFigures.Of(sums.Add(0.02));
        Assert.True(enough.Volatility.IsAvailable);
        Assert.Equal(UnavailableReason.TooShort, enough.Beta.Unavailable?.Reason);
    }

    [Fact]
    public void Figures_WithoutRisk_AreUnavailable_NotInfinite()
    {
        ReturnSums sums = default;
        for (int i = 0; i < 50; i++)
        {
            sums = sums.Add(0.001, 0.002);
        }

        RiskFigures figures = RiskFigures.Of(sums);
        Assert.True(figures.Volatility.Value < 1e-8);
        Assert.All([figures.Sharpe, figures.Sortino, figures.Beta, figures.Alpha], figure =>
            Assert.Equal(UnavailableReason.NoVolatility, figure.Unavailable?.Reason));
    }

    private static double[] Returns(double[] prices) => [.. prices.Skip(1).Zip(prices, (now, before) => (now / before) - 1)];

    /// <summary>Of the whole, and of a window in the middle, which the sums know only as a difference.</summary>
    private static void AssertPlain((double Own, double Other)[] days, double free)
    {
        List<ReturnSums> sums = [default];
        foreach ((double own, double other) in days)
        {
            sums.Add(sums[^1].Add(own, other));
        }

        AssertPlain(RiskFigures.Of(sums[^1], free), days, free);
        (int from, int to) = (days.Length / 3, days.Length / 2);
        AssertPlain(RiskFigures.Of(sums[to] - sums[from], free), days[from..to], free);
    }

    private static void AssertPlain(RiskFigures figures, (double Own, double Other)[] days, double free)
    {
        double mean = days.Average(day => day.Own);
        double other = days.Average(day => day.Other);
        double deviation = Math.Sqrt(days.Sum(day => Math.Pow(day.Own - mean, 2)) / (days.Length - 1));
        double loss = Math.Sqrt(days.Average(day => Math.Pow(Math.Min(day.Own, 0), 2)));
        double beta = days.Sum(day => (day.Own - mean) * (day.Other - other)) / days.Sum(day => Math.Pow(day.Other - other, 2));
        AssertNear(deviation * Math.Sqrt(252), figures.Volatility);
        AssertNear(((mean * 252) - free) / (deviation * Math.Sqrt(252)), figures.Sharpe);
        AssertNear(mean * 252 / (loss * Math.Sqrt(252)), figures.Sortino);
        AssertNear(beta, figures.Beta);
        AssertNear((mean * 252) - free - (beta * ((other * 252) - free)), figures.Alpha);
    }

    private static void AssertNear(double expected, Statistic figure) => Assert.True(
        Math.Abs(expected - figure.Value!.Value) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
        string.Create(CultureInfo.InvariantCulture, $"{figure} is not {expected}"));
}
