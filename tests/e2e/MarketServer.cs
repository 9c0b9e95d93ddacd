using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.E2e;

/// <summary>The whole app with its web client and the demo feed, in this process, with nothing kept.</summary>
public sealed class MarketServer : IAsyncLifetime
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private LocalHost? _host;
    private TestSessions? _sessions;

    public Uri Address => Host.BaseAddress;

    /// <summary>Signs in as people who are made up for the tests, without the form.</summary>
    public TestSessions Sessions => _sessions ??= new(Host.Services);

    public T Get<T>() where T : notnull => Host.Services.GetRequiredService<T>();

    private LocalHost Host => _host ?? throw new InvalidOperationException("The server has not started.");

    public static async Task<MarketServer> StartAsync(string urls = "http://127.0.0.1:0", string feed = "none")
    {
        MarketServer server = new();
        LocalHostOptions options = new()
        {
            Urls = urls,
            Data = ":memory:",
            Feed = feed,
            Web = true,
            Blobs = false,
            // Every browser of these tests calls from one address.
            Settings = new Dictionary<string, string?> { ["RateLimits:enabled"] = "false" },
        };
        server._host = await LocalHost.StartAsync(options, CancellationToken.None);
        return server;
    }

    /// <summary>The address of a page of the web client: <c>""</c> for the board, <c>"symbol/TCS"</c>.</summary>
    public Uri PageAt(string route) => new(Address, "#/" + route);

    /// <summary>Starts where there is Node.js, which the web client's build needs, and waits for that build.</summary>
    public async Task InitializeAsync()
    {
        if (Requires.Node is not null)
        {
            return;
        }

        _host = (await StartAsync(feed: "demo"))._host;
        await PageIsThereAsync();
    }

    public async Task DisposeAsync()
    {
        _sessions?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    // The host starts at once and builds the client beside it; until then it answers 503.
    private async Task PageIsThereAsync()
    {
        using HttpClient http = new();
        using CancellationTokenSource overdue = new(BuildLimit);
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync(Address, overdue.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(Poll, overdue.Token);
        }
    }
}
