using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Web;

/// <summary>
/// What a person sees of the web client, in a headless Chromium: when a phone on a slow network has painted the largest
/// thing of a page, and how many frames a list of many holdings has while it scrolls and ticks, by those of an empty page.
/// </summary>
internal static class WebBenchmark
{
    private const int FewRows = 50;
    private const int Rounds = 3;
    private const int RowsAFile = 5_000;
    private const int TicksAtOnce = 500;
    private const int Ticking = 200;
    private static readonly TimeSpan TickPause = TimeSpan.FromMilliseconds(250);

    private const string EmptyList =
        "document.body.innerHTML = '<div class=list style=\"height:640px;overflow:auto\"><div style=\"height:580000px\"></div></div>'; true";

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "rows", "runs", "seconds");
        int rows = options.Number("rows", 10_000);
        using RunFolder folder = new();
        await using Child server = Child.Start(Child.ServerCore, WebServer.Name, "--folder", folder.Path);
        Uri address = new(await server.AnswerAsync());
        using HttpClient http = new() { BaseAddress = new(address, "api/v1/"), Timeout = TimeSpan.FromMinutes(5) };
        await SignInAsync(http, server);
        await BuiltAsync(http, address);
        await TickAsync(http, 0, FewRows);
        string few = await AccountAsync(http, FewRows);
        (Paint board, Paint accounts, Paint holdings) = await PaintAllAsync(server, address, few, options);

        for (int from = 0; from < rows; from += TicksAtOnce)
        {
            await TickAsync(http, from, Math.Min(TicksAtOnce, rows - from));
        }

        await SignInAsync(http, server);
        string many = await AccountAsync(http, rows);
        await using WebBrowser browser = await WebBrowser.StartAsync(Child.LoadCore);
        Scrolled scrolled = await ScrollAsync(browser, server, http, address, many, rows, options.Number("seconds", 6));
        Console.WriteLine(Figures.ToJson(new
        {
            lcpBoardMs = board.Largest.Rounded(), lcpPortfolioMs = accounts.Largest.Rounded(), lcpHoldingsMs = holdings.Largest.Rounded(),
            rowBoardMs = board.Row.Rounded(), rowPortfolioMs = accounts.Row.Rounded(), rowHoldingsMs = holdings.Row.Rounded(), rows,
            framesOfEmpty = scrolled.Ratio.Rounded(), framesASecond = scrolled.FramesASecond.Rounded(), domRows = scrolled.Rows,
        }));
    }

    private static async Task<(Paint Board, Paint Accounts, Paint Holdings)> PaintAllAsync(
        Child server, Uri address, string account, Options options)
    {
        await using WebBrowser browser = await WebBrowser.StartAsync();
        Console.WriteLine(
            "| page on a phone | LCP ms, median | worst | first row drawn ms, median | worst | layout shift | largest |\n|---|---|---|---|---|---|---|");
        Paint board = await PaintAsync(
            browser, server, address, "", "/\\d/.test(document.querySelector('[data-symbol] .value')?.textContent)", options);
        Paint accounts = await PaintAsync(
            browser, server, address, "#/portfolio", "document.querySelector('[data-test=account]')", options);
        Paint holdings = await PaintAsync(
            browser, server, address, $"#/portfolio/{account}",
            "document.querySelectorAll('[data-symbol] [data-test=price]').length > 5", options);
        await using WebPage empty = await browser.OpenAsync(address, null);
        Console.WriteLine($"\nA phone's page was {await empty.SlownessAsync():F1} times slower than one of this machine.");
        return (board, accounts, holdings);
    }

    /// <summary>
    /// The medians of cold loads; each is a browser that was never here, with a session of its own. Beside the largest
    /// paint, when the first row of data was drawn: the frame of a page without its data is no page.
    /// </summary>
    private static async Task<Paint> PaintAsync(
        WebBrowser browser, Child server, Uri address, string route, string ready, Options options)
    {
        List<Painted> painted = [];
        for (int run = options.Number("runs", 5); run > 0; run--)
        {
            await using WebPage page = await browser.OpenAsync(address, await SessionAsync(server));
            await page.BeAPhoneAsync();
            await page.LookForAsync(ready);
            await page.GoToAsync(new(address, "/" + route));
            await page.UntilAsync(ready);
            // Whatever comes late and is larger counts, too.
            await Task.Delay(TimeSpan.FromSeconds(2));
            painted.Add(await page.EvaluateAsync<Painted>("tell()"));
        }

        double median = painted.Select(one => one.Lcp).Median();
        double row = painted.Select(one => one.Row).Median();
        string name = route.Length == 0 ? "board" : route.Contains("PACC_", StringComparison.Ordinal) ? "holdings, 50" : "accounts";
        Console.WriteLine(
            $"| {name} | {median:F0} | {painted.Max(one => one.Lcp):F0} | {row:F0} | {painted.Max(one => one.Row):F0} | "
            + $"{painted.Max(one => one.Cls):F3} | {painted[^1].Element.ReplaceLineEndings(" ")} |");
        return new(median, row);
    }

    private static async Task<Scrolled> ScrollAsync(
        WebBrowser browser, Child server, HttpClient http, Uri address, string account, int rows, int seconds)
    {
        await using WebPage empty = await browser.OpenAsync(address, null);
        await empty.EvaluateAsync<bool>(EmptyList);
        await using WebPage page = await browser.OpenAsync(address, await SessionAsync(server));
        await page.GoToAsync(new(address, $"/#/portfolio/{account}"));
        await page.UntilAsync($"document.querySelector('[data-test=holdings]')?.getAttribute('aria-rowcount') === '{rows + 1}'");
        await page.LeaveNetworkAloneAsync();
        using CancellationTokenSource stop = new();
        Task ticking = KeepTickingAsync(http, rows, stop.Token);
        Console.WriteLine("\n| frames while it scrolls | empty page | holdings | by empty | late | worst ms | busy ms/s | rows drawn |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        List<(Frames Empty, Frames Page)> rounds = [];
        for (int round = 0; round < Rounds; round++)
        {
            Frames without = await empty.EvaluateAsync<Frames>(Scroll(seconds));
            double before = await page.BusySecondsAsync();
            Frames with = await page.EvaluateAsync<Frames>(Scroll(seconds));
            double busy = (await page.BusySecondsAsync() - before) * 1000 / seconds;
            rounds.Add((without, with));
            Console.WriteLine(
                $"| {rows:N0} rows, {seconds} s | {without.Count} | {with.Count} | {(double)with.Count / without.Count:F3} | "
                + $"{with.Late} (empty: {without.Late}) | {with.Worst:F0} (empty: {without.Worst:F0}) | {busy:F0} | {with.Rows} |");
        }

        await stop.CancelAsync();
        await ticking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new(
            rounds.Select(one => (double)one.Page.Count / one.Empty.Count).Median(),
            rounds.Select(one => (double)one.Page.Count / seconds).Median(), rounds.Max(one => one.Page.Rows));
    }

    /// <summary>150 pixels a frame, 9,000 a second, down and up again.</summary>
    private static string Scroll(int seconds) => $$"""
        new Promise((resolve) => {
          const list = document.querySelector('.list');
          const seen = { count: 0, late: 0, worst: 0, rows: 0 };
          const end = performance.now() + {{seconds * 1000}};
          let last = 0, by = 150;
          const step = (now) => {
            if (last > 0) {
              seen.count++;
              seen.worst = Math.max(seen.worst, now - last);
              if (now - last > 2.5 * 1000 / 60) seen.late++;
            }
            last = now;
            if (list.scrollTop + by < 0 || list.scrollTop + by > list.scrollHeight - list.clientHeight) by = -by;
            list.scrollTop += by;
            if (seen.count % 30 === 0) seen.rows = Math.max(seen.rows, document.querySelectorAll('[data-symbol]').length);
            if (now < end) requestAnimationFrame(step);
            else resolve(seen);
          };
          requestAnimationFrame(step);
        })
        """;

    private static async Task KeepTickingAsync(HttpClient http, int rows, CancellationToken cancellationToken)
    {
        for (int round = 1; ; round++)
        {
            await TickAsync(http, round * Ticking % Math.Max(1, rows - Ticking), Math.Min(Ticking, rows), round, cancellationToken);
            await Task.Delay(TickPause, cancellationToken);
        }
    }

    private static async Task TickAsync(
        HttpClient http, int from, int count, int round = 0, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using HttpRequestMessage request = new(HttpMethod.Post, "market/ticks")
        {
            Content = JsonContent.Create(Enumerable.Range(from, count).Select(i => new
            {
                symbol = SymbolOf(i), price = 100 + i + (0.05m * (round % 7)), volume = 1_000 + (10 * round), eventTime = now,
            })),
        };
        request.Headers.Add("x-feed", "web-benchmark");
        using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string> AccountAsync(HttpClient http, int rows)
    {
        JsonElement made = await SendAsync(http, "portfolios", new { name = $"Of {rows}", currency = "INR" });
        string id = made.GetProperty("id").GetString()!;
        for (int from = 0; from < rows; from += RowsAFile)
        {
            StringBuilder file = new("Date,Code,Currency,Price,Quantity,Action,Fee\n");
            for (int i = from; i < Math.Min(rows, from + RowsAFile); i++)
            {
                file.Append(CultureInfo.InvariantCulture, $"12/11/2021,{SymbolOf(i)},INR,{i + 90},{(i % 9) + 1},buy,0\n");
            }

            await SendAsync(http, $"portfolios/{id}/imports", new { content = file.ToString(), duplicates = "keep" });
        }

        return id;
    }

    private static async Task<JsonElement> SendAsync(HttpClient http, string path, object body)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(path, body);
        string text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{path}: {text}");
    }

    private static async Task SignInAsync(HttpClient http, Child server) =>
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await SessionAsync(server)).AccessToken);

    private static async Task<WebSession> SessionAsync(Child server) => Figures.FromJson<WebSession>(await server.AskAsync("session"));

    /// <summary>The host starts at once and builds the client beside it.</summary>
    private static async Task BuiltAsync(HttpClient http, Uri address)
    {
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync(address);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(500);
        }
    }

    private static string SymbolOf(int i) => string.Create(CultureInfo.InvariantCulture, $"TEST-WEB-{i:D5}");

    private sealed record Paint(double Largest, double Row);

    private sealed record Painted(double Lcp, double Row, double Cls, string Element);

    private sealed record Frames(int Count, int Late, double Worst, int Rows);

    private sealed record Scrolled(double Ratio, double FramesASecond, int Rows);
}
