using System.Text.Json;
using FinVault.Platform;
using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios.Lots;

/// <summary>What is kept in documents comes back as it went.</summary>
public sealed class StoredShapeTests
{
    [Fact]
    public void Position_ComesBackFromItsDocument_WithEveryFigure()
    {
        LotHistory history = new Trades()
            .Buy("2024-01-01", 10.12345678m, 123_456_789_012, 7).Buy("2024-01-02", 3, 500)
            .Add("2024-02-01", TransactionKind.Dividend, amount: 300)
            .Add("2024-02-02", TransactionKind.ReturnOfCapital, amount: 3_000)
            .Sell("2024-03-01", 11, 5_000_000, 3).Replay();
        Position position = history.Positions["INFY"];
        Position back = Stored(position);

        Assert.Equal(Text(position), Text(back));
        Assert.Equal(position.Lots, back.Lots);
        Assert.Equal((position.Cost, position.RealizedGain), (back.Cost, back.RealizedGain));
        Assert.Equal(history.Closed, Stored(history.Closed));
    }

    [Fact]
    public void SnapshotsSums_AndAlerts_ComeBack()
    {
        ReturnSums sums = default(ReturnSums).Add(0.01, 0.02).Add(-0.03).Add(1 / 3.0, -1 / 7.0);
        Drawdown drawdown = Drawdown.Begin(new(2024, 1, 1), 1).Add(new(2024, 1, 2), 0.7).Add(new(2024, 1, 3), 1.1);
        AlertRule rule = new("a", AlertKind.Rise, "X", 5) { Window = TimeSpan.FromMinutes(5), Rearms = true };
        AlertState state = new(AlertPhase.Fired, 3, 1.5m, 1_700_000_000_000_000);

        Assert.Equal(sums, Stored(sums));
        Assert.Equal(drawdown, Stored(drawdown));
        Assert.Equal(rule, Stored(rule));
        Assert.Equal(state, Stored(state));
    }

    [Fact]
    public void Plans_AndTheirReasons_ComeBack()
    {
        RebalancePlan plan = FinVault.Portfolios.Rebalancing.Plan(
            [
                new("A", 100, [new("L", Trades.Day("2023-01-01"), 70, DualAmount.Same(600_000))]),
                new("B", 90_000, []),
            ],
            50, "INR", new(new Dictionary<string, decimal> { ["A"] = 0.5m, ["B"] = 0.5m }), new(2024, 6, 15));
        ReturnReport report = ReturnReport.Measure([new(new(2024, 1, 3), 100, 90, 0, 2)], new(2024, 1, 1), new(2024, 1, 9));

        Assert.Equal(Text(plan), Text(Stored(plan)));
        Assert.Equal(Text(report), Text(Stored(report)));
        Assert.Equal(report.TimeWeightedYearly, Stored(report).TimeWeightedYearly);
    }

    private static T Stored<T>(T value) => JsonSerializer.Deserialize<T>(Text(value), Json.Options)!;

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, Json.Options);
}
