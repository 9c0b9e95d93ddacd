using System.Globalization;
using System.Net;
using System.Text;

namespace FinVault.Benchmarks.Load;

/// <summary>The report of a run as one HTML file that fetches nothing.</summary>
internal static class LoadReport
{
    private const string Style = """
        :root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
        body{max-width:60rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th,td{padding:.3rem .5rem;text-align:right;border-bottom:1px solid #8884}
        th:first-child,td:first-child{text-align:left}
        svg{width:100%;height:auto}svg text{font-size:12px;fill:currentColor}.grid{stroke:#8884}
        .cards{display:flex;flex-wrap:wrap;gap:1rem;padding:0;list-style:none}
        .cards li{border:1px solid #8886;border-radius:.5rem;padding:.5rem 1rem}.cards b{display:block;font-size:1.4rem}
        .bad{color:#c62828}.good{color:#2e7d32}.legend,.note{opacity:.8}.scroll{overflow-x:auto}
        """;

    public static string Html(LoadPlan plan, Uri address, DateTimeOffset startedAt, LoadFigures figures, LiveFigures? live)
    {
        StringBuilder html = new();
        html.Append("<!doctype html><html lang='en'><head><meta charset='utf-8'>");
        html.Append("<meta name='viewport' content='width=device-width'><title>Load test of ");
        html.Append(Text(address.ToString())).Append("</title><style>").Append(Style).Append("</style></head><body>");
        html.Append("<h1>Load test of ").Append(Text(address.ToString())).Append("</h1>");
        html.Append(CultureInfo.InvariantCulture, $"<p>{Text(plan.ToString())}, of which the first {plan.Ramp:0.#} s are the ramp. "
            + $"Started {startedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.</p>");
        Verdict(html, plan, figures);
        Cards(html, figures);
        LoadSecond[] seconds = [.. figures.Seconds];
        html.Append("<h2>Throughput</h2>").Append(LoadChart.Svg(
            "Answers a second",
            new("good", "#2e7d32", [.. seconds.Select(second => (double)second.Good)]),
            new("failed", "#c62828", [.. seconds.Select(second => (double)second.Errors)]),
            new("throttled (429)", "#ef6c00", [.. seconds.Select(second => (double)second.Throttled)])));
        html.Append("<h2>Latency</h2>").Append(LoadChart.Svg(
            "Milliseconds",
            new("p50, ms", "#1565c0", [.. seconds.Select(second => second.P50Ms)]),
            new("p95, ms", "#6a1b9a", [.. seconds.Select(second => second.P95Ms)])));
        Routes(html, plan, figures);
        Failures(html, figures);
        Live(html, live);
        return html.Append("</body></html>\n").ToString();
    }

    private static void Verdict(StringBuilder html, LoadPlan plan, LoadFigures figures)
    {
        if (plan is { P95Ms: null, ErrorsPercent: null })
        {
            return;
        }

        IReadOnlyList<string> broken = figures.Broken(plan);
        html.Append(broken.Count == 0 ? "<p class='good'>All limits are kept.</p>" : "");
        foreach (string one in broken)
        {
            html.Append("<p class='bad'>").Append(Text(one)).Append("</p>");
        }
    }

    private static void Cards(StringBuilder html, LoadFigures figures)
    {
        LoadRow all = figures.All;
        html.Append("<ul class='cards'>");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{all.Requests:N0}</b>requests</li><li><b>{all.PerSecond:N1}</b>a second</li>");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{all.FromDue.P50:0.0} ms</b>p50</li><li><b>{all.FromDue.P95:0.0} ms</b>p95</li>");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{all.FromDue.P99:0.0} ms</b>p99</li><li><b>{figures.ErrorsPercent:0.00} %</b>failed</li>");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{all.Throttled:N0}</b>throttled</li><li><b>{figures.HeldBack:N0}</b>held back</li></ul>");
    }

    private static void Routes(StringBuilder html, LoadPlan plan, LoadFigures figures)
    {
        html.Append("<h2>Routes</h2><p class='note'>After the ramp, in milliseconds. ");
        if (plan.Model == LoadModel.Open)
        {
            html.Append("Latencies run from when a request was due, not from when it could be sent (coordinated omission is ");
            html.Append("corrected); p95 from sending stands beside. ");
            html.Append(CultureInfo.InvariantCulture, $"For 99 % of them the load generator itself was at most {figures.LagP99Ms:0.0} ms late.");
        }
        else
        {
            html.Append("A user waits for each answer: while the server is slow, fewer requests come. The open model shows ");
            html.Append("what that hides.");
        }

        html.Append("</p><div class='scroll'><table><tr><th>route</th><th>requests</th><th>a second</th><th>p50</th><th>p90</th>");
        html.Append("<th>p95</th><th>p99</th><th>longest</th><th>p95 from sending</th><th>failed</th><th>throttled</th></tr>");
        foreach (LoadRow row in figures.Routes.Append(figures.All))
        {
            LoadLatency ms = row.FromDue;
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(row.Route)}</td><td>{row.Requests:N0}</td><td>{row.PerSecond:N1}</td>"
                + $"<td>{ms.P50:0.0}</td><td>{ms.P90:0.0}</td><td>{ms.P95:0.0}</td><td>{ms.P99:0.0}</td>"
                + $"<td>{ms.Max:0.0}</td><td>{row.FromSent.P95:0.0}</td><td>{row.Errors:N0}</td><td>{row.Throttled:N0}</td></tr>");
        }

        html.Append("</table></div>");
    }

    private static void Failures(StringBuilder html, LoadFigures figures)
    {
        html.Append("<h2>Failures</h2>");
        if (figures.Failures.Count == 0)
        {
            html.Append("<p>None.</p>");
            return;
        }

        html.Append("<table><tr><th>route</th><th>status</th><th>problem</th><th>times</th></tr>");
        foreach (LoadFailure one in figures.Failures)
        {
            string status = one.Status == 0 ? "no answer" : one.Status.ToString(CultureInfo.InvariantCulture);
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(one.Route)}</td><td>{status}</td>"
                + $"<td>{Text(one.Problem)}</td><td>{one.Count:N0}</td></tr>");
        }

        html.Append("</table>");
    }

    private static void Live(StringBuilder html, LiveFigures? live)
    {
        if (live is null)
        {
            return;
        }

        html.Append("<h2>Live connections</h2><ul class='cards'>");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{live.Open:N0}</b>open at the end</li><li><b>{live.Failed:N0}</b>failed to begin</li>");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{live.Dropped:N0}</b>broke</li><li><b>{live.Messages:N0}</b>messages</li>");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{live.Quotes:N0}</b>quotes</li><li><b>{live.Lost:N0}</b>ticks lost</li>");
        html.Append(CultureInfo.InvariantCulture, $"<li><b>{live.DelayP50Ms:0} ms</b>p50 from the tick</li><li><b>{live.DelayP95Ms:0} ms</b>p95</li></ul>");
        html.Append("<p class='note'>The delay is from FinVault taking a tick to its arrival here, by the clocks of both ");
        html.Append("machines: it is only as good as they agree.</p>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
