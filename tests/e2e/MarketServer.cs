using FinVault.Local.Hosting;

namespace FinVault.Tests.E2e;

/// <summary>The whole app with its web client and the demo feed, in this process, with nothing kept.</summary>
public sealed class MarketServer : IAsyncLifetime
{
    private LocalHost? _host;

    public Uri Address => Host.BaseAddress;

    private LocalHost Host => _host ?? throw new InvalidOperationException("The server has not started.");

    public static async Task<MarketServer> StartAsync(string urls = "http://127.0.0.1:0", string feed = "none")
    {
        MarketServer server = new();
        server._host = await LocalHost.StartAsync(
            new LocalHostOptions { Urls = urls, Data = ":memory:", Feed = feed, Web = true }, CancellationToken.None);
        return server;
    }

    /// <summary>The address of a page of the web client: <c>""</c> for the board, <c>"symbol/TCS"</c>.</summary>
    public Uri PageAt(string route) => new(Address, "#/" + route);

    public async Task InitializeAsync()
    {
        if (Support.Requires.Chromium is null && _host is null)
        {
            _host = (await StartAsync(feed: "demo"))._host;
        }
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
