using System.Globalization;
using FinVault.Benchmarks.Harness;
using FinVault.Benchmarks.Load;

namespace FinVault.Tests.Operations;

/// <summary>The operator's load test (tests/benchmarks, <c>load</c>): when it asks, how it counts, and what it reports.</summary>
public sealed class LoadTestTests
{
    private static readonly Uri Address = new("https://finvault.example/");

    [Theory]
    [InlineData(200, 0, 30)]
    [InlineData(50, 20, 60)]
    [InlineData(1_000, 5, 6)]
    public void Arrivals_ComeAtTheRate_WhichGrowsOverTheRamp(double rate, double ramp, double seconds)
    {
        ArrivalSchedule schedule = new(rate, ramp, seconds, 1);
        double[] all = [.. schedule.Arrivals()];

        Assert.Equal(all.Order(), all);
        Assert.InRange(all[^1], 0, seconds);
        AssertLikely(rate * ramp / 2, all.Count(at => at < ramp));
        AssertLikely(rate * ramp / 8, all.Count(at => at < ramp / 2));
        AssertLikely(rate * (seconds - ramp), all.Count(at => at >= ramp));
        AssertLikely(schedule.ExpectedUntil(seconds), all.Length);
    }

    [Fact]
    public void Arrivals_AreTheSameForASeed_AndNotEvenlySpaced()
    {
        double[] one = [.. new ArrivalSchedule(100, 0, 20, 7).Arrivals()];

        Assert.Equal(one, new ArrivalSchedule(100, 0, 20, 7).Arrivals());
        Assert.NotEqual(one, new ArrivalSchedule(100, 0, 20, 8).Arrivals());

        // Of gaps by chance 63 % are shorter than the mean.
        double[] gaps = [.. one.Zip(one.Skip(1), (before, after) => after - before)];
        Assert.InRange(gaps.Count(gap => gap < 0.01) / (double)gaps.Length, 0.6, 0.67);
    }

    [Fact]
    public void Latency_OfThoseWhoWaitedForAStall_CountsFromWhenTheyWereDue()
    {
        // A hundred a second are due; the server stands still for the whole first second and then answers in 2 ms.
        LoadMeter meter = new(ramp: 0);
        for (int i = 0; i < 100; i++)
        {
            meter.Add(new("GET quotes", i / 100.0, 1, 1.002, 200));
        }

        LoadRow all = meter.Figures(1).All;
        Assert.InRange(all.FromDue.P50, 490, 520);
        Assert.InRange(all.FromDue.P95, 930, 980);
        Assert.InRange(all.FromDue.Max, 1_001, 1_003);
        Assert.InRange(all.FromSent.P95, 1.9, 2.1);
    }

    [Fact]
    public void Refusals_CountApart_AndDoNotFlatterTheLatency()
    {
        LoadMeter meter = new(ramp: 1);
        meter.Add(new("GET a", 0.5, 0.5, 0.6, 500, "internal_error"));
        for (int i = 0; i < 8; i++)
        {
            meter.Add(new("GET a", 2, 2, 2.1, 200));
        }

        meter.Add(new("GET a", 2, 2, 2.0001, 429, "rate_limited"));
        meter.Add(new("GET b", 3, 3, 3.1, 0, "no answer"));
        meter.HoldBack();
        LoadFigures figures = meter.Figures(10);

        // The ramp's failure is in the table of failures, not in the figures.
        Assert.Equal((10L, 1.0, 1L, 1L, 1L), (
            figures.All.Requests, figures.All.PerSecond, figures.All.Errors, figures.All.Throttled, figures.HeldBack));
        Assert.Equal(10, figures.ErrorsPercent);
        Assert.InRange(figures.All.FromDue.P50, 99, 101);
        Assert.Equal(["GET a", "GET b"], figures.Routes.Select(route => route.Route));
        Assert.Equal(
            ["internal_error", "no answer", "rate_limited"], figures.Failures.Select(one => one.Problem).Order(StringComparer.Ordinal));
        Assert.Equal((0L, 1L), (figures.Seconds[0].Good, figures.Seconds[0].Errors));
        Assert.Equal((8L, 1L), (figures.Seconds[2].Good, figures.Seconds[2].Throttled));
    }

    [Theory]
    [InlineData("--p95-ms 150", 0)]
    [InlineData("--p95-ms 50", 1)]
    [InlineData("--errors-percent 20", 0)]
    [InlineData("--errors-percent 5 --p95-ms 50", 2)]
    [InlineData("", 0)]
    public void Limits_AreHeldAgainstTheFigures(string arguments, int broken)
    {
        LoadMeter meter = new(ramp: 0);
        for (int i = 0; i < 10; i++)
        {
            meter.Add(i == 0 ? new("GET a", 2, 2, 2.1, 503, "busy") : new("GET a", 2, 2, 2.1, 200));
        }

        Assert.Equal(broken, meter.Figures(1).Broken(Plan(arguments)).Count);
    }

    [Fact]
    public void Limits_WhenNothingWasAnswered_AreBroken() =>
        Assert.Single(new LoadMeter(0).Figures(1).Broken(Plan("--p95-ms 100")));

    [Theory]
    [InlineData("--model half-open", "closed or open")]
    [InlineData("--url finvault.example", "--url")]
    [InlineData("--seconds 5 --ramp 5", "--ramp")]
    [InlineData("--user a@example.com", "--password")]
    [InlineData("--user a@example.com --password x --accounts 3", "{n}")]
    [InlineData("--rate fast", "--rate")]
    public void Arguments_ThatAreWrong_AreNamed(string arguments, string named) => Assert.Contains(
        named, Assert.Throws<UsageException>(() => Plan(arguments)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("closed")]
    [InlineData("open")]
    public void Report_HasTheFigures_AndFetchesNothing(string model)
    {
        LoadMeter meter = new(ramp: 0);
        for (int i = 0; i < 1_234; i++)
        {
            meter.Add(new("GET market/quotes", i / 100.0, i / 100.0, (i / 100.0) + 0.0432, 200));
        }

        meter.Add(new("GET <script>", 1, 1, 1.01, 418, "<b>teapot</b>"));
        LoadFigures figures = meter.Figures(10);
        // An operator's machine may write numbers in its own way; a report does not.
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        string html = LoadReport.Html(
            Plan($"--model {model} --p95-ms 1"), Address, DateTimeOffset.UnixEpoch, figures,
            new(500, 1, 2, 98_765, 123_456, 3, 87, 140));

        foreach (string shown in new[]
        {
            "market/quotes", "1,234", "123.5", "43.2", "418", "&lt;b&gt;teapot&lt;/b&gt;", "98,765", "p95 is 43.2 ms, above 1 ms",
            Address.ToString(), "1970-01-01 00:00:00 UTC", "<polyline",
        })
        {
            Assert.Contains(shown, html, StringComparison.Ordinal);
        }

        foreach (string never in new[] { "<script", "<b>teapot", "src=", "href=", "@import", "url(", "NaN" })
        {
            Assert.DoesNotContain(never, html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(model == "open", html.Contains("coordinated omission", StringComparison.Ordinal));
    }

    private static LoadPlan Plan(string arguments) =>
        LoadPlan.From(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    // Within five standard deviations of a Poisson count.
    private static void AssertLikely(double expected, int count) => Assert.InRange(
        count, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
}
