using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Tests.Support;

namespace FinVault.Tests.E2e.Chrome;

/// <summary>A headless Chromium of the machine, with a profile of its own that is deleted afterwards.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        "--remote-debugging-port=0", "about:blank",
    ];

    private readonly string _profile = Directory.CreateTempSubdirectory("finvault-chromium-").FullName;
    private Process? _process;
    private DevTools? _tools;
    private Task _draining = Task.CompletedTask;

    /// <summary>Starts the browser where there is one; tests that need it are skipped where there is none.</summary>
    public async Task InitializeAsync()
    {
        if (Requires.ChromiumPath is not { } path)
        {
            return;
        }

        _process = Process.Start(new ProcessStartInfo(path, [$"--user-data-dir={_profile}", .. Flags])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"'{path}' did not start.");
        using CancellationTokenSource overdue = new(StartLimit);
        Uri address = await ReadAddressAsync(_process.StandardError, overdue.Token);

        // What the browser keeps writing must be read, or it stops at a full pipe.
        _draining = Task.WhenAll(
            _process.StandardError.BaseStream.CopyToAsync(Stream.Null),
            _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null));
        _tools = await DevTools.ConnectAsync(address, overdue.Token);
    }

    /// <summary>An empty page in a context of its own: nothing is shared with other pages, nothing is kept.</summary>
    public async Task<Page> NewPageAsync(int width = 1280, int height = 800)
    {
        DevTools tools = _tools ?? throw new InvalidOperationException("There is no browser.");
        JsonElement context = await tools.SendAsync("Target.createBrowserContext");
        string contextId = context.GetProperty("browserContextId").GetString()!;
        JsonElement target = await tools.SendAsync(
            "Target.createTarget", new JsonObject { ["url"] = "about:blank", ["browserContextId"] = contextId });
        JsonElement attached = await tools.SendAsync(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = target.GetProperty("targetId").GetString(), ["flatten"] = true });
        Page page = new(tools, attached.GetProperty("sessionId").GetString()!, contextId);
        await page.SetUpAsync(width, height);
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_tools is not null)
        {
            await _tools.DisposeAsync();
        }

        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            await _draining;
            _process.Dispose();
        }

        Directory.Delete(_profile, recursive: true);
    }

    private static async Task<Uri> ReadAddressAsync(StreamReader error, CancellationToken cancellationToken)
    {
        const string Announcement = "DevTools listening on ";
        while (await error.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                return new Uri(line[Announcement.Length..].Trim());
            }
        }

        throw new InvalidOperationException("The browser ended before it was ready.");
    }
}
