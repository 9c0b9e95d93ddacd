using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e.Chrome;

/// <summary>One page of the browser. Keys and clicks are real input events; waiting happens inside the page.</summary>
public sealed class Page : IAsyncDisposable
{
    private const int WaitLimitMilliseconds = 45_000;

    private readonly DevTools _tools;
    private readonly string _session;
    private readonly string _context;
    private readonly ConcurrentQueue<string> _errors = new();
    private volatile TaskCompletionSource _loaded = new();

    internal Page(DevTools tools, string session, string context)
    {
        _tools = tools;
        _session = session;
        _context = context;
        tools.Received += OnEvent;
    }

    /// <summary>Exceptions that the page's script did not catch.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public async Task GoToAsync(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        await _loaded.Task.WaitAsync(TimeSpan.FromMilliseconds(WaitLimitMilliseconds));
    }

    /// <summary>Does what leads to another document, and waits until that is there.</summary>
    public async Task LeaveByAsync(Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await act();
        await _loaded.Task.WaitAsync(TimeSpan.FromMilliseconds(WaitLimitMilliseconds));
    }

    /// <summary>The value of a JavaScript expression, of a promise its outcome.</summary>
    public async Task<T> EvaluateAsync<T>(string expression)
    {
        JsonElement result = await SendAsync("Runtime.evaluate", new()
        {
            ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true,
        });
        if (result.TryGetProperty("exceptionDetails", out JsonElement details))
        {
            throw new InvalidOperationException($"{expression}: {details}");
        }

        JsonElement value = result.GetProperty("result");
        return value.TryGetProperty("value", out JsonElement found) ? found.Deserialize<T>()! : default!;
    }

    /// <summary>Waits until an expression is true in the page.</summary>
    /// <exception cref="TimeoutException">It was not within 45 s; says what the page showed.</exception>
    public async Task UntilAsync(string condition)
    {
        bool met = await EvaluateAsync<bool>($$"""
            new Promise((resolve) => {
              const end = performance.now() + {{WaitLimitMilliseconds}};
              const look = () => {
                if ({{condition}}) resolve(true);
                else if (performance.now() > end) resolve(false);
                else setTimeout(look, 30);
              };
              look();
            })
            """);
        if (!met)
        {
            string text = await EvaluateAsync<string>("document.body.innerText.slice(0, 600)");
            throw new TimeoutException($"Not so within 45 s: {condition}\nThe page shows: {text}");
        }
    }

    public Task<string?> TextAsync(string selector) =>
        EvaluateAsync<string?>($"document.querySelector({Quoted(selector)})?.innerText.trim() ?? null");

    /// <summary>Clicks as a person does: what is there, can be used and has come to rest; again if it moved away.</summary>
    /// <exception cref="TimeoutException">It was not to be clicked within 45 s; says what the page showed.</exception>
    public async Task ClickAsync(string selector)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            double[] at = await AimAsync(selector);
            foreach (string type in (string[])["mousePressed", "mouseReleased"])
            {
                await SendAsync("Input.dispatchMouseEvent", new()
                {
                    ["type"] = type, ["x"] = at[0], ["y"] = at[1], ["button"] = "left", ["clickCount"] = 1,
                });
            }

            if (await HitAsync())
            {
                return;
            }
        }

        throw new TimeoutException($"{selector} moved away from under ten clicks.");
    }

    // A click that led to another document has left nothing of the aim there, or takes the question with it.
    private async Task<bool> HitAsync()
    {
        try
        {
            return await EvaluateAsync<bool>("window.aim?.release() ?? true");
        }
        catch (InvalidOperationException gone) when (
            gone.Message.Contains("navigated or closed", StringComparison.Ordinal)
            || gone.Message.Contains("context was destroyed", StringComparison.Ordinal))
        {
            return true;
        }
    }

    // The middle of an element. What is about to hit something else in its place is kept from it until the release.
    private async Task<double[]> AimAsync(string selector)
    {
        await UntilAsync($$"""
            (() => {
              const element = document.querySelector({{Quoted(selector)}});
              if (!element || element.matches(':disabled')) return false;
              // Also what stands below the fold is clicked where it is.
              element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
              const { left, top, width, height } = element.getBoundingClientRect();
              const [x, y] = [left + width / 2, top + height / 2];
              const before = window.aim;
              window.aim = { element, x, y };
              return before?.element === element && before.x === x && before.y === y
                && element.contains(document.elementFromPoint(x, y));
            })()
            """);
        return await EvaluateAsync<double[]>("""
            (() => {
              const { element, x, y } = window.aim;
              const kinds = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'];
              let [pressed, met] = [false, false];
              const guard = (event) => {
                if (element.contains(event.target)) {
                  pressed = true;
                  met ||= event.type === 'click';
                } else {
                  event.preventDefault();
                  event.stopImmediatePropagation();
                }
              };
              kinds.forEach((kind) => window.addEventListener(kind, guard, true));
              window.aim = { release() {
                kinds.forEach((kind) => window.removeEventListener(kind, guard, true));
                delete window.aim;
                // A press may itself have taken the element away.
                return met || (pressed && !element.isConnected);
              } };
              return [x, y];
            })()
            """);
    }

    /// <summary>Presses a key by its name, such as <c>ArrowDown</c>, <c>Enter</c> or a single character.</summary>
    public async Task PressAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string? text = key == "Enter" ? "\r" : key.Length == 1 ? key : null;
        JsonObject down = new() { ["type"] = "keyDown", ["key"] = key, ["code"] = key };
        if (text is not null)
        {
            down["text"] = text;
        }

        await SendAsync("Input.dispatchKeyEvent", down);
        await SendAsync("Input.dispatchKeyEvent", new() { ["type"] = "keyUp", ["key"] = key, ["code"] = key });
    }

    public Task TypeAsync(string text) => SendAsync("Input.insertText", new() { ["text"] = text });

    /// <summary>Types into a field in place of what is there.</summary>
    public async Task FillAsync(string selector, string text)
    {
        await UntilAsync($"document.querySelector({Quoted(selector)})");
        await EvaluateAsync<object>($$"""
            (() => {
              const field = document.querySelector({{Quoted(selector)}});
              field.focus();
              field.select();
            })()
            """);
        await TypeAsync(text);
    }

    /// <summary>Sets what cannot be typed as text (a choice, an instant), and says so as a person's hand would.</summary>
    public async Task SetAsync(string selector, string value)
    {
        await UntilAsync($"document.querySelector({Quoted(selector)})");
        await EvaluateAsync<object>($$"""
            (() => {
              const field = document.querySelector({{Quoted(selector)}});
              field.value = {{Quoted(value)}};
              for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }));
            })()
            """);
    }

    /// <summary>Chooses files in an <c>input type=file</c>, as its dialog does.</summary>
    public async Task ChooseFilesAsync(string selector, params string[] paths)
    {
        await UntilAsync($"document.querySelector({Quoted(selector)})");
        JsonElement input = await SendAsync(
            "Runtime.evaluate", new() { ["expression"] = $"document.querySelector({Quoted(selector)})" });
        await SendAsync("DOM.setFileInputFiles", new()
        {
            ["files"] = new JsonArray([.. paths.Select(path => JsonValue.Create(path))]),
            ["objectId"] = input.GetProperty("result").GetProperty("objectId").GetString(),
        });
    }

    /// <summary>Keeps what is downloaded, under the names that it comes with.</summary>
    public Task SaveIntoAsync(string folder) => _tools.SendAsync("Browser.setDownloadBehavior", new()
    {
        ["behavior"] = "allow", ["browserContextId"] = _context, ["downloadPath"] = folder,
    });

    /// <summary>Runs a script in every document from now on, before the page's own.</summary>
    public Task RunFirstAsync(string script) =>
        SendAsync("Page.addScriptToEvaluateOnNewDocument", new() { ["source"] = script });

    /// <summary>Sets a cookie as a server would, out of the reach of scripts.</summary>
    public Task SetCookieAsync(Uri address, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(address);
        return SendAsync("Network.setCookie", new()
        {
            ["url"] = address.AbsoluteUri, ["path"] = address.AbsolutePath, ["name"] = name, ["value"] = value,
            ["httpOnly"] = true, ["sameSite"] = "Strict",
        });
    }

    /// <summary>Answers the page's media queries, for example <c>prefers-color-scheme</c> with <c>dark</c>.</summary>
    public Task PreferAsync(string feature, string value) => SendAsync("Emulation.setEmulatedMedia", new()
    {
        ["features"] = new JsonArray(new JsonObject { ["name"] = feature, ["value"] = value }),
    });

    /// <summary>What axe-core, of the web client's packages, finds wrong with the page.</summary>
    public async Task<string[]> AccessibilityViolationsAsync()
    {
        await EvaluateAsync<object>(
            await File.ReadAllTextAsync(Repository.PathTo("web", "node_modules", "axe-core", "axe.min.js")) + "; null");
        return await EvaluateAsync<string[]>("""
            axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(
              (each) => `${each.id}: ${each.help}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`))
            """);
    }

    /// <summary>Writes what the page shows as a PNG.</summary>
    public async Task ScreenshotAsync(string path)
    {
        JsonElement shot = await SendAsync("Page.captureScreenshot", new() { ["format"] = "png" });
        await File.WriteAllBytesAsync(path, shot.GetProperty("data").GetBytesFromBase64());
    }

    public async ValueTask DisposeAsync()
    {
        _tools.Received -= OnEvent;
        await _tools.SendAsync("Target.disposeBrowserContext", new() { ["browserContextId"] = _context });
    }

    internal async Task SetUpAsync(int width, int height)
    {
        await SendAsync("Page.enable");
        await SendAsync("Runtime.enable");
        await SendAsync("Emulation.setDeviceMetricsOverride", new()
        {
            ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false,
        });

        // People's browsers have a head; what says that it has none meets the limits for programs.
        string agent = await EvaluateAsync<string>("navigator.userAgent.replace('Headless', '')");
        await SendAsync("Emulation.setUserAgentOverride", new() { ["userAgent"] = agent });
    }

    // A JavaScript string literal.
    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private Task<JsonElement> SendAsync(string method, JsonObject? parameters = null) =>
        _tools.SendAsync(method, parameters, _session);

    private void OnEvent(string? session, string method, JsonElement parameters)
    {
        if (session != _session)
        {
            return;
        }

        if (method == "Page.loadEventFired")
        {
            _loaded.TrySetResult();
        }
        else if (method == "Runtime.exceptionThrown")
        {
            _errors.Enqueue(parameters.GetProperty("exceptionDetails").ToString());
        }
    }
}
