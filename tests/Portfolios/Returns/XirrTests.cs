using System.Text.Json;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios.Returns;

/// <summary>A rate where there is one, and the reason where there is none (trap 10).</summary>
public sealed class XirrTests
{
    private static readonly DateOnly Start = new(2020, 1, 1);

    [SharedDataFact("data", "xirr")]
    public void Rate_IsWhatOthersFound()
    {
        using JsonDocument vectors = JsonDocument.Parse(ReferenceData.Text("xirr", "xirr_vectors.json.gz"));
        int checked_ = 0;
        foreach (JsonElement vector in vectors.RootElement.EnumerateArray())
        {
            Statistic rate = Xirr.Solve(vector.GetProperty("flows").EnumerateArray().Select(flow =>
                new DatedFlow(ReferenceData.Date(flow[0].GetString()!), flow[1].GetDouble())));
            // What the libraries' tests expect is less exact than what was recomputed for each of them.
            AssertNear(vector, rate, vector.GetProperty("expected").GetDouble(), 2e-6);
            AssertNear(vector, rate, vector.GetProperty("roots_found")[0].GetDouble(), 1e-9);
            checked_++;
        }

        Assert.Equal(196, checked_);
    }

    [Fact]
    public void Rate_OfAYear_IsTheGain() =>
        Assert.Equal(0.1, Xirr.Solve([new(Start, -100), new(Start.AddDays(365), 110)]).Value!.Value, 12);

    [Fact]
    public void Flows_OfOneDay_HaveNoRate() => Assert.Equal(
        UnavailableReason.SameDayFlows, Xirr.Solve([new(Start, -100), new(Start, 110)]).Unavailable?.Reason);

    [Fact]
    public void NoFlows_HaveNoRate() => Assert.Equal(UnavailableReason.NoData, Xirr.Solve([]).Unavailable?.Reason);

    [Fact]
    public void Flows_OfOneSign_HaveNoRate() => Assert.Equal(
        UnavailableReason.NoRoot, Xirr.Solve([new(Start, -1), new(Start.AddDays(9), -1)]).Unavailable?.Reason);

    [Fact]
    public void Flows_ThatNeverBalance_HaveNoRate() => Assert.Equal(
        // 1 − 2x + 2x² is never 0.
        UnavailableReason.NoRoot,
        Xirr.Solve([new(Start, 1), new(Start.AddDays(365), -2), new(Start.AddDays(730), 2)]).Unavailable?.Reason);

    [Fact]
    public void Flows_ThatTwoRatesBalance_HaveNone_AndBothAreNamed()
    {
        // (1.1x − 1)(1.3x − 1) = 1.43x² − 2.4x + 1 with x = 1 ÷ (1 + r): 10 % and 30 %.
        Statistic rate = Xirr.Solve([new(Start, -1), new(Start.AddDays(365), 2.4), new(Start.AddDays(730), -1.43)]);

        Assert.Equal(UnavailableReason.SeveralRoots, rate.Unavailable?.Reason);
        Assert.Contains("10.0000", rate.Unavailable!.Detail, StringComparison.Ordinal);
        Assert.Contains("30.0000", rate.Unavailable!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 2.5, -1.5625, 365)] // (1.25x − 1)²
    [InlineData(1, -2, 1, 1)] // (x − 1)², at the very middle of what is searched
    [InlineData(1_000, -2_000, 1_000, 1)]
    public void Flows_ThatTouchBalanceOnce_AreNotTakenForOneRate(double first, double second, double third, int days) =>
        Assert.Equal(
            UnavailableReason.SeveralRoots,
            Xirr.Solve([new(Start, first), new(Start.AddDays(days), second), new(Start.AddDays(2 * days), third)])
                .Unavailable?.Reason);

    [Fact]
    public void Rate_ThatIsFound_Balances_AndOrderAndUnitDoNotMatter() => Prop.ForAll(
        ArbMap.Default.ArbFor<(short Amount, ushort Day)[]>(),
        given =>
        {
            DatedFlow[] flows = [.. given.Select(one => new DatedFlow(Start.AddDays(one.Day % 8_000), one.Amount))];
            Statistic rate = Xirr.SolveLog(flows);
            Statistic other = Xirr.SolveLog(flows.Reverse().Select(flow => flow with { Amount = flow.Amount * 1_000 }));
            Assert.Equal(rate.Unavailable?.Reason, other.Unavailable?.Reason);
            if (rate.Value is { } u)
            {
                double[] terms = [.. flows.Select(flow =>
                    flow.Amount * Math.Exp(-u * (flow.Date.DayNumber - Start.DayNumber) / 365.0))];
                Assert.True(Math.Abs(terms.Sum()) <= 1e-6 * terms.Sum(Math.Abs), $"{u}");
                Assert.Equal(u, other.Value!.Value, 1e-9);
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void AssertNear(JsonElement vector, Statistic rate, double expected, double tolerance) => Assert.True(
        rate.Value is { } value && Math.Abs(value - expected) <= tolerance * Math.Max(1, Math.Abs(expected)),
        $"{vector.GetProperty("id")}: {rate}, expected {expected}");
}
