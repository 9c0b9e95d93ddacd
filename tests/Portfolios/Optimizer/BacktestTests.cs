using FinVault.Portfolios;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Optimizer;

/// <summary>A rule is tried on what it could have known, and pays for what it trades.</summary>
public sealed class BacktestTests
{
    private static readonly BacktestSettings Free = new(Window: 20, Every: 5, Cost: 0);

    [Fact]
    public void Holding_OneAsset_IsItsOwnGrowth_LessTheCostOfBuyingIt()
    {
        (DateOnly Date, double[] Closes)[] closes = Closes(60);
        BacktestReport report = Backtest.Run(closes, _ => [1, 0], Free with { Cost = 0.01 });

        Assert.Equal(0.99 * closes[^1].Closes[0] / closes[20].Closes[0], report.Days[^1].Index, 12);
        Assert.Equal((1, 0.01), (report.Turnover, report.Costs));
        Assert.Equal((closes[20].Date, closes[^1].Date), (report.Days[0].Date, report.Days[^1].Date));
    }

    [Fact]
    public void Decision_KnowsNothingLater()
    {
        (DateOnly Date, double[] Closes)[] closes = Closes(60);
        (DateOnly Date, double[] Closes)[] other =
            [.. closes.Select((day, i) => i <= 45 ? day : (day.Date, [day.Closes[0] * (1 + (i % 3)), 5.0 + i]))];
        double[]? Decide(AssetReturns seen) => seen.Mean()[0] > seen.Mean()[1] ? [1, 0] : [0, 1];

        Assert.Equal(
            Backtest.Run(closes, Decide, Free).Days.TakeWhile(day => day.Date <= closes[45].Date),
            Backtest.Run(other, Decide, Free).Days.TakeWhile(day => day.Date <= closes[45].Date));
    }

    [Fact]
    public void Rule_WithoutAnAnswer_LeavesItsWeightsAlone()
    {
        int asked = 0;
        BacktestReport report = Backtest.Run(Closes(60), _ => asked++ == 0 ? [0.5, 0.5] : null, Free);

        Assert.Equal((8, 7, 1), (report.Decisions, report.Failures, report.Turnover));
    }

    [Fact]
    public void Test_OnTooFewDays_IsUnavailable()
    {
        BacktestReport report = Backtest.Run(Closes(10), _ => [1, 0], Free);

        Assert.Equal(UnavailableReason.TooShort, report.Yearly.Unavailable?.Reason);
        Assert.Null(report.Drawdown);
    }

    [SharedDataFact("data", "daily")]
    public void MinimumVolatility_OnRealStocks_MovesLessThanEqualParts()
    {
        (DateOnly Date, double[] Closes)[] closes =
        [
            .. ReferenceData.Rows("daily", "sp500_dataset.csv.gz").Skip(1).TakeLast(2_000)
                .Select(row => (ReferenceData.Date(row[0]), row.Skip(1).Select(ReferenceData.Number).ToArray())),
        ];
        BacktestSettings monthly = new();
        BacktestReport calm = Backtest.Run(closes, seen => new PortfolioOptimizer(
            AllocationProblem.LongOnly(seen.Mean(), seen.ShrunkCovariance().Covariance),
            TimeProvider.System, TimeSpan.FromMinutes(1)).MinimumVolatility().Plan?.Weights, monthly);
        BacktestReport equal = Backtest.Run(
            closes, seen => [.. Enumerable.Repeat(1.0 / seen.Assets, seen.Assets)], monthly);

        Assert.Equal((2_000 - 504, 0), (calm.Days.Count, calm.Failures));
        Assert.True(calm.Figures.Volatility.Value < equal.Figures.Volatility.Value * 0.95);
        Assert.True(calm.Drawdown!.Deepest > equal.Drawdown!.Deepest);
    }

    private static (DateOnly Date, double[] Closes)[] Closes(int days)
    {
        Random random = new(5);
        (double one, double other) = (100, 50);
        return
        [
            .. Enumerable.Range(0, days).Select(i =>
            {
                one *= 1 + ((random.NextDouble() - 0.48) / 20);
                other *= 1 + ((random.NextDouble() - 0.5) / 10);
                return (new DateOnly(2024, 1, 1).AddDays(i), new[] { one, other });
            }),
        ];
    }
}
