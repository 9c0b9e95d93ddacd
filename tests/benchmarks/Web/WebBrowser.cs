using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Benchmarks.Harness;
using FinVault.Tests.E2e.Chrome;

namespace FinVault.Benchmarks.Web;

/// <summary>A headless Chromium with a profile that is deleted afterwards.</summary>
internal sealed class WebBrowser : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";

    private readonly RunFolder _profile = new();
    private Process _process = null!;
    private DevTools _tools = null!;
    private Task _draining = Task.CompletedTask;

    private WebBrowser()
    {
    }

    /// <param name="core">
    /// The core to pin it to, so that the server has its own. Not for pages that are slowed down: what does that is a thread
    /// which has to interrupt the page's; on one core it cannot, or it takes the time of all the others.
    /// </param>
    /// <exception cref="InvalidOperationException">There is no Chromium, or it ended at once.</exception>
    public static async Task<WebBrowser> StartAsync(int? core = null)
    {
        string path = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named
            : Places.Program("chromium") ?? Places.Program("chromium-browser") ?? Places.Program("google-chrome")
            ?? throw new InvalidOperationException("There is no 'chromium' on the PATH (CHROMIUM names another).");
        WebBrowser browser = new();
        List<string> command =
        [
            path, $"--user-data-dir={browser._profile.Path}", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--remote-debugging-port=0", "about:blank",
        ];
        if (core is { } pinned && Environment.ProcessorCount > pinned && Places.Program("taskset") is { } taskset)
        {
            command.InsertRange(0, [taskset, "-c", $"{pinned}"]);
        }

        browser._process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        string? line;
        do
        {
            line = await browser._process.StandardError.ReadLineAsync()
                ?? throw new InvalidOperationException("The browser ended before it was ready.");
        }
        while (!line.StartsWith(Announcement, StringComparison.Ordinal));
        browser._draining = Task.WhenAll(
            browser._process.StandardError.BaseStream.CopyToAsync(Stream.Null),
            browser._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null));
        browser._tools = await DevTools.ConnectAsync(new(line[Announcement.Length..].Trim()), default);
        return browser;
    }

    /// <summary>A page that shares nothing with others, of somebody who has signed in.</summary>
    public async Task<WebPage> OpenAsync(Uri server, WebSession? session)
    {
        JsonElement context = await _tools.SendAsync("Target.createBrowserContext");
        string id = context.GetProperty("browserContextId").GetString()!;
        JsonElement target = await _tools.SendAsync(
            "Target.createTarget", new() { ["url"] = "about:blank", ["browserContextId"] = id });
        JsonElement attached = await _tools.SendAsync(
            "Target.attachToTarget", new() { ["targetId"] = target.GetProperty("targetId").GetString(), ["flatten"] = true });
        WebPage page = new(_tools, attached.GetProperty("sessionId").GetString()!, id);
        await page.SetUpAsync(server, session);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _draining;
        _process.Dispose();
        _profile.Dispose();
    }
}

/// <summary>One page.</summary>
internal sealed class WebPage(DevTools tools, string session, string context) : IAsyncDisposable
{
    private const int WaitMilliseconds = 60_000;
    private const int Slowdown = 4;

    // A look takes time of the page that is measured.
    private const int LookMilliseconds = 250;

    // Noted before anything is painted: what came before a script asked is told, too.
    private const string Observe = """
        window.seen = { lcp: 0, row: 0, cls: 0, element: null };
        // What the largest says is read at the end: to read it takes a layout, which would be measured, too.
        window.tell = () => ({ ...seen, element: `${seen.element?.tagName ?? ''} ${(seen.element?.innerText ?? '').slice(0, 40)}` });
        new PerformanceObserver((list) => {
          for (const one of list.getEntries()) {
            seen.lcp = one.startTime;
            seen.element = one.element;
          }
        }).observe({ type: 'largest-contentful-paint', buffered: true });
        new PerformanceObserver((list) => {
          for (const one of list.getEntries()) if (!one.hadRecentInput) seen.cls += one.value;
        }).observe({ type: 'layout-shift', buffered: true });
        """;

    /// <summary>What Lighthouse has for mobiles: a mid-range phone on a slow 4G network (its throttling "mobileSlow4G").</summary>
    public async Task BeAPhoneAsync()
    {
        const int BytesASecond = 1_638_400 / 8;
        const int UploadBytesASecond = 750_000 / 8;
        await SendAsync("Emulation.setDeviceMetricsOverride", new()
        {
            ["width"] = 412, ["height"] = 823, ["deviceScaleFactor"] = 1.75, ["mobile"] = true,
        });
        await SlowDownAsync(Slowdown);
        await SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false, ["latency"] = 150, ["downloadThroughput"] = BytesASecond, ["uploadThroughput"] = UploadBytesASecond,
        });
    }

    /// <summary>Notes when the frame is over in which something is there for the first time.</summary>
    public Task LookForAsync(string ready) => SendAsync("Page.addScriptToEvaluateOnNewDocument", new()
    {
        ["source"] = $$"""
            {
              const look = () => {
                if ({{ready}}) setTimeout(() => (seen.row = performance.now()));
                else requestAnimationFrame(look);
              };
              requestAnimationFrame(look);
            }
            """,
    });

    /// <summary>How many times longer the same loop takes in a page that is slowed down, which it is from then on.</summary>
    public async Task<double> SlownessAsync()
    {
        const string Loop = "(() => { const from = performance.now(); let x = 0; for (let i = 0; i < 6e6; i++) x = (x * 31 + i) % 1000003; "
            + "return performance.now() - from + 0 * x; })()";
        List<double> took = [];
        foreach (int rate in new[] { 1, Slowdown })
        {
            await SlowDownAsync(rate);
            List<double> rounds = [];
            for (int round = 0; round < 5; round++)
            {
                rounds.Add(await EvaluateAsync<double>(Loop));
            }

            took.Add(rounds.Median());
        }

        return took[1] / took[0];
    }

    public Task GoToAsync(Uri address) => SendAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });

    public async Task<T> EvaluateAsync<T>(string expression)
    {
        JsonElement answer = await SendAsync("Runtime.evaluate", new()
        {
            ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true,
        });
        return answer.TryGetProperty("exceptionDetails", out JsonElement details)
            ? throw new InvalidOperationException($"{expression}: {details}")
            : answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value.Deserialize<T>(JsonSerializerOptions.Web)! : default!;
    }

    /// <exception cref="TimeoutException">It was not so within a minute.</exception>
    public async Task UntilAsync(string condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await EvaluateAsync<bool>($"Boolean({condition})"))
        {
            if (Stopwatch.GetElapsedTime(started).TotalMilliseconds > WaitMilliseconds)
            {
                string text = await EvaluateAsync<string>("document.body.innerText.slice(0, 300)");
                throw new TimeoutException($"Not so: {condition}. The page shows: {text}");
            }

            await Task.Delay(LookMilliseconds);
        }
    }

    /// <summary>Does not hear of the network any more: the page's own thread copies each message for whoever hears.</summary>
    public Task LeaveNetworkAloneAsync() => SendAsync("Network.disable");

    /// <summary>Of the processor, what the page's main thread has had so far: scripts, layout and paint.</summary>
    public async Task<double> BusySecondsAsync()
    {
        await SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
        JsonElement metrics = (await SendAsync("Performance.getMetrics")).GetProperty("metrics");
        return metrics.EnumerateArray().First(one => one.GetProperty("name").GetString() == "TaskDuration")
            .GetProperty("value").GetDouble();
    }

    public async ValueTask DisposeAsync() =>
        await tools.SendAsync("Target.disposeBrowserContext", new() { ["browserContextId"] = context });

    internal async Task SetUpAsync(Uri server, WebSession? who)
    {
        await SendAsync("Page.enable");
        await SendAsync("Runtime.enable");
        await SendAsync("Network.enable");
        await SendAsync("Emulation.setDeviceMetricsOverride", new()
        {
            ["width"] = 1280, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false,
        });
        string script = Observe;
        if (who is not null)
        {
            Uri place = new(server, "/api/v1/auth");
            await SendAsync("Network.setCookie", new()
            {
                ["url"] = place.AbsoluteUri, ["path"] = place.AbsolutePath, ["name"] = FinVault.Identity.SessionCookie.Name,
                ["value"] = who.RefreshToken, ["httpOnly"] = true, ["sameSite"] = "Strict",
            });
            script += "if (location.protocol.startsWith('http')) localStorage.setItem('finvault.signed-in', '1');";
        }

        await SendAsync("Page.addScriptToEvaluateOnNewDocument", new() { ["source"] = script });
    }

    private Task<JsonElement> SlowDownAsync(int rate) => SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = rate });

    private Task<JsonElement> SendAsync(string method, JsonObject? parameters = null) =>
        tools.SendAsync(method, parameters, session);
}
