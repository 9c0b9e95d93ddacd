using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Market.Ingest;
using FinVault.Notifications;
using FinVault.Platform.Outbox;
using FinVault.Portfolios;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Portfolios.Alerts;

/// <summary>
/// The failure that cost ₹3.2 lakh: the price crosses a level, and the process that saw it dies (SIGKILL) before anybody
/// was told. It dies before the firing is written, after that and before the board is committed, and before the message
/// is told; what is told in the end is one notice, to the one whose alert it is.
/// </summary>
public sealed class KilledAlertTests : IDisposable
{
    private const string Symbol = "TEST-KILLED";

    private static readonly string[] Points = ["before firing", "after firing", "before telling"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("finvault-alert-");

    private LocalHostOptions Options => AppHost.Defaults with { Data = Path.Combine(_folder.FullName, "data") };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Crossing_WhoseProcessIsKilled_IsToldOnceToTheRightUser(int point)
    {
        string[] deaths = [Points[point]];
        string[] alerts = await SetAsync();
        using (ChildProcess dying = ChildProcess.Start<AlertHost>([_folder.FullName, .. deaths]))
        {
            Task<string?> ended = dying.ReadLineAsync(default);
            string stages = Path.Combine(_folder.FullName, AlertHost.Stages);
            Assert.True(
                await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMinutes(2))) == ended,
                $"It does not die: {(File.Exists(stages) ? await File.ReadAllTextAsync(stages) : "did not start")}.");
            Assert.Null(await ended);
        }

        Assert.Equal(deaths, await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, AlertHost.Deaths)));
        await using AppHost app = await AppHost.StartAsync(Options);
        SignIn(app, PortfolioApp.Asha);
        await Eventually.TrueAsync(async () => (await NoticesAsync(app)).Length > 0, "she is told");
        await AlertHost.TickAsync(app.Client, 130);
        await Eventually.TrueAsync(async () => await PriceAsync(app) == 130, "the next price is seen");

        JsonElement notice = Assert.Single(await NoticesAsync(app));
        Assert.Contains("120.00", notice.GetProperty("text").GetString(), StringComparison.Ordinal);
        JsonElement fired = await app.GetJsonAsync($"api/v1/alerts/{alerts[0]}");
        Assert.Equal(("done", 1), (fired.GetProperty("status").GetString(), fired.GetProperty("firings").GetInt32()));
        SignIn(app, PortfolioApp.Harish);
        Assert.Empty(await NoticesAsync(app));
        Assert.Equal(
            "armed", (await app.GetJsonAsync($"api/v1/alerts/{alerts[1]}")).GetProperty("status").GetString());
    }

    /// <summary>Hers fires above 110, his above 200.</summary>
    private async Task<string[]> SetAsync()
    {
        await using AppHost app = await AppHost.StartAsync(Options);
        await AlertHost.TickAsync(app.Client, 100);
        await Eventually.TrueAsync(async () => await PriceAsync(app) == 100, "the symbol is known");
        List<string> alerts = [];
        foreach ((string user, int threshold) in new[] { (PortfolioApp.Asha, 110), (PortfolioApp.Harish, 200) })
        {
            SignIn(app, user);
            JsonElement alert = await app.PostJsonAsync("api/v1/alerts", new { kind = "above", symbol = Symbol, threshold });
            alerts.Add(alert.GetProperty("id").GetString()!);
        }

        return [.. alerts];
    }

    private static async Task<decimal> PriceAsync(AppHost app)
    {
        JsonElement quotes = (await app.GetJsonAsync($"api/v1/market/quotes?symbols={Symbol}")).GetProperty("data");
        return quotes.GetArrayLength() == 0 ? 0 : quotes[0].GetProperty("price").GetDecimal();
    }

    private static async Task<JsonElement[]> NoticesAsync(AppHost app) =>
        [.. (await app.GetJsonAsync("api/v1/notifications")).GetProperty("data").EnumerateArray()];

    private static void SignIn(AppHost app, string user) =>
        app.SignIn(new CurrentUser(user, PortfolioApp.Tenant, new HashSet<string> { Roles.User }));

    /// <summary>FinVault in a process of its own, that sends itself the crossing tick and dies at each named point once.</summary>
    internal sealed class AlertHost : IChildProgram
    {
        public const string Deaths = "deaths.txt";
        public const string Stages = "stages.txt";

        public async Task RunAsync(string[] args)
        {
            string log = Path.Combine(args[0], Deaths);
            void Die(string point) => DieOnce(log, point, args.Skip(1));
            bool isFirst = !File.Exists(log);
            await using LocalHost host = await LocalHost.StartAsync(AppHost.Defaults with
            {
                Data = Path.Combine(args[0], "data"),
                Configure = services =>
                {
                    DyingObserver.Around(services, Die);
                    // Before the app's own, which makes the notice.
                    services.Insert(0, ServiceDescriptor.Singleton<IOutboxHandler>(new DyingHandler(Die)));
                },
            });
            File.AppendAllText(Path.Combine(args[0], Stages), "listens ");
            if (isFirst)
            {
                using HttpClient http = new() { BaseAddress = host.BaseAddress };
                await TickAsync(http, 120);
                File.AppendAllText(Path.Combine(args[0], Stages), "sent ");
            }

            await Task.Delay(Timeout.Infinite);
        }

        public static async Task TickAsync(HttpClient http, decimal price)
        {
            string body = string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"symbol":"{{Symbol}}","price":{{price}},"volume":{{price}},"eventTime":"{{DateTime.UtcNow:O}}"}""");
            using StringContent content = new(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await http.PostAsync(new Uri("api/v1/market/ticks", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
        }

        private static readonly Lock Gate = new();

        private static void DieOnce(string log, string point, IEnumerable<string> inOrder)
        {
            lock (Gate)
            {
                string[] died = File.Exists(log) ? File.ReadAllLines(log) : [];
                if (inOrder.ElementAtOrDefault(died.Length) != point)
                {
                    return;
                }

                File.AppendAllLines(log, [point]);
                using Process self = Process.GetCurrentProcess();
                self.Kill();
                self.WaitForExit();
            }
        }
    }

    /// <summary>Dies before anybody is told.</summary>
    private sealed class DyingHandler(Action<string> die) : IOutboxHandler
    {
        public bool Takes(string kind) => kind == NoticeKinds.AlertFired;

        public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
        {
            die("before telling");
            return Task.CompletedTask;
        }
    }

    /// <summary>The app's own observer, with deaths around the crossing.</summary>
    private sealed class DyingObserver(ITickObserver real, Action<string> die) : ITickObserver
    {
        public static void Around(IServiceCollection services, Action<string> die)
        {
            ServiceDescriptor one = services.Single(d => d.ImplementationType == typeof(AlertWatch));
            services.Remove(one);
            services.AddSingleton<ITickObserver>(provider => new DyingObserver(
                ActivatorUtilities.CreateInstance<AlertWatch>(provider), die));
        }

        public async Task SeeAsync(
            string shardId, IReadOnlyList<AcceptedTick> ticks, IReadOnlyCollection<string> toRead,
            CancellationToken cancellationToken)
        {
            bool crosses = ticks.Any(tick => tick.Price == 120);
            if (crosses)
            {
                die("before firing");
            }

            await real.SeeAsync(shardId, ticks, toRead, cancellationToken);
            if (crosses)
            {
                die("after firing");
            }
        }

        public void Forget(string shardId) => real.Forget(shardId);
    }
}
