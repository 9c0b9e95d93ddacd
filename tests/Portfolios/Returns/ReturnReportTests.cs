using FinVault.Portfolios;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Portfolios.Returns;

/// <summary>What was earned, in any window, and the flows and sub-periods that it was computed from.</summary>
public sealed class ReturnReportTests
{
    private static readonly DateOnly Start = new(2023, 1, 1);

    [Fact]
    public void Report_TellsTimeAndMoneyApart()
    {
        // 100 doubles; 800 come in; all halves: nothing earned for its time, much lost for the money.
        ReturnReport report = ReturnReport.Measure(
            [new(Start, 100), new(Start.AddDays(100), 200), new(Start.AddDays(101), 1_000, 800), new(Start.AddDays(200), 500)],
            Start, Start.AddDays(200));

        Assert.Equal(0, report.TimeWeighted.Value!.Value, 12);
        Assert.True(report.MoneyWeighted.Value < -0.3);
        Assert.Equal((100, 500, 800, 0, -400), (report.BeginValue, report.EndValue, report.In, report.Out, report.Gain));
        Assert.Equal(
            [new(Start, Start.AddDays(100), 100, 200, 1), new(Start.AddDays(100), Start.AddDays(200), 1_000, 500, -0.5)],
            report.Explanation.SubPeriods);
        Assert.Equal([new(Start.AddDays(101), 800, 0)], report.Explanation.Flows);
    }

    [Fact]
    public void Report_IsYearlyOnlyBeyondAYear()
    {
        DayValue[] days = [new(Start, 100), new(Start.AddDays(365), 110), new(Start.AddDays(730), 121)];

        ReturnReport year = ReturnReport.Measure(days, Start, Start.AddDays(365));
        ReturnReport two = ReturnReport.Measure(days, Start, Start.AddDays(730));

        Assert.Equal(UnavailableReason.NotBeyondAYear, year.TimeWeightedYearly.Unavailable?.Reason);
        Assert.Equal(UnavailableReason.NotBeyondAYear, year.MoneyWeightedYearly.Unavailable?.Reason);
        Assert.Equal(0.1, two.TimeWeightedYearly.Value!.Value, 12);
        Assert.Equal(0.1, two.MoneyWeightedYearly.Value!.Value, 12);
        Assert.Equal(0.21, two.MoneyWeighted.Value!.Value, 12);
    }

    [Fact]
    public void Report_OfADay_HasNoMoneyWeightedReturn_ButATimeWeightedOne()
    {
        ReturnReport day = ReturnReport.Measure([new(Start, 100), new(Start.AddDays(1), 101)], Start, Start.AddDays(1));

        Assert.Equal(0.01, day.TimeWeighted.Value!.Value, 12);
        Assert.Equal(UnavailableReason.TooShort, day.MoneyWeighted.Unavailable?.Reason);
    }

    [Fact]
    public void Report_OfAFewDays_TellsWhatTheMoneyEarnedInThem()
    {
        ReturnReport fall = ReturnReport.Measure([new(Start, 100), new(Start.AddDays(3), 20)], Start, Start.AddDays(3));
        ReturnReport rise = ReturnReport.Measure([new(Start, 100), new(Start.AddDays(3), 500)], Start, Start.AddDays(3));

        Assert.Equal(-0.8, fall.MoneyWeighted.Value!.Value, 12);
        Assert.Equal(4, rise.MoneyWeighted.Value!.Value, 12);
    }

    [Fact]
    public void Report_OfMoneyThatCameOnTheLastDay_SaysSo()
    {
        DateOnly end = Start.AddDays(5);
        ReturnReport report = ReturnReport.Measure([new(end, 105, 100)], Start, end);

        Assert.Equal(UnavailableReason.SameDayFlows, report.MoneyWeighted.Unavailable?.Reason);
        Assert.Equal(0.05, report.TimeWeighted.Value!.Value, 12);
    }

    [Fact]
    public void Report_OfNothing_IsUnavailable_NotZero()
    {
        ReturnReport report = ReturnReport.Measure([], Start, Start.AddDays(30));

        Assert.Equal(UnavailableReason.NoData, report.TimeWeighted.Unavailable?.Reason);
        Assert.Equal(UnavailableReason.NotBeyondAYear, report.TimeWeightedYearly.Unavailable?.Reason);
        Assert.Equal(UnavailableReason.NoData, report.MoneyWeighted.Unavailable?.Reason);
    }

    [Fact]
    public void Report_OfValueFromNothing_IsUnavailable() => Assert.Equal(
        UnavailableReason.NoCapital,
        ReturnReport.Measure([new(Start.AddDays(3), 100)], Start, Start.AddDays(3)).TimeWeighted.Unavailable?.Reason);

    [Fact]
    public void TimeWeighted_IsBlindToFlows_AndItsWindowsMultiply() => Prop.ForAll(
        ArbMap.Default.ArbFor<(sbyte Growth, uint In, byte Out)[]>(), ArbMap.Default.ArbFor<byte>(),
        (steps, cut) =>
        {
            // Values so large that rounding to minor units is far below what is compared.
            List<DayValue> plain = [new(Start, 1_000_000_000_000)];
            List<DayValue> busy = [new(Start, 7_000_000_000_000)];
            foreach ((sbyte growth, uint added, byte taken) in steps)
            {
                decimal factor = 1 + (growth / 1_280m);
                long grown = (long)((busy[^1].Value + added) * factor);
                long left = grown / 300 * (taken % 8);
                plain.Add(new(plain[^1].Date.AddDays(1), (long)(plain[^1].Value * factor)));
                busy.Add(new(busy[^1].Date.AddDays(1), grown - left, added, left));
            }

            DateOnly end = plain[^1].Date;
            Statistic one = ReturnReport.Measure(plain, Start, end).TimeWeighted;
            Statistic other = ReturnReport.Measure(busy, Start, end).TimeWeighted;
            Assert.Equal(one.IsAvailable, other.IsAvailable);
            Assert.Equal(1, (1 + (one.Value ?? 0)) / (1 + (other.Value ?? 0)), 6);

            DateOnly middle = Start.AddDays(cut % plain.Count);
            double parts = (1 + (ReturnReport.Measure(busy, Start, middle).TimeWeighted.Value ?? 0))
                * (1 + (ReturnReport.Measure(busy, middle, end).TimeWeighted.Value ?? 0));
            Assert.Equal(1 + (other.Value ?? 0), parts, 9);
            double daily = busy.Skip(1).Zip(busy, (day, before) => day.Growth(before.Value)!.Value)
                .Aggregate(1.0, (product, growth) => product * growth);
            Assert.Equal(1 + (other.Value ?? 0), daily, 9);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Gain_IsWhatTheFlowsDoNotExplain_WithItsFxApart()
    {
        ReturnReport report = ReturnReport.Measure(
            [new(Start, 100), new(Start.AddDays(1), 130, 20, 0, 4), new(Start.AddDays(2), 90, 0, 50, -1)], Start, Start.AddDays(2));

        Assert.Equal((20, 3), (report.Gain, report.FxGain));
    }
}
