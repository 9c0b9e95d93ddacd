using FinVault.Benchmarks.Attempts;
using FinVault.Benchmarks.Harness;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Local.Identity;
using FinVault.Market.Read;
using FinVault.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Benchmarks.Load;

/// <summary>
/// The whole app with its demo feed and demo users and a giveaway that runs, for a load test without an address. All
/// users come from one address: the limits are off.
/// </summary>
internal static class LoadServer
{
    public const string Name = "load-server";

    public static async Task RunAsync(string[] args)
    {
        string folder = Options.Parse(args, "folder").Text("folder")!;
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = Path.Combine(folder, "data"),
            Web = false,
            Blobs = false,
            Settings = new Dictionary<string, string?>
            {
                ["RateLimits:enabled"] = "false", ["Giveaways:CallsPerMinute"] = "1000000000",
            },
        });
        // The first of them has a portfolio.
        DemoUser user = DemoUsers.All[0];
        string giveaway = await GiveawayAsync(host);
        BoardReader boards = host.Services.GetRequiredService<BoardReader>();
        while (!(await boards.ReadFreshAsync(TimeSpan.Zero, default)).Symbols.Any())
        {
            await Task.Delay(100);
        }

        Console.WriteLine(Figures.ToJson(new LoadReady(
            host.BaseAddress, DemoAccounts.EmailOf(user), host.Services.GetRequiredService<DemoAccounts>().Password, giveaway)));
        await Child.NextAsync();
    }

    private static async Task<string> GiveawayAsync(LocalHost host)
    {
        CurrentUser user = new(
            Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System), new HashSet<string> { Roles.Host });
        Ledger ledger = host.Services.GetRequiredService<Ledger>();
        string provider = LedgerAccount.PlatformId(AccountKind.Provider, "INR");
        await ledger.OpenAccountAsync(provider, AccountKind.Provider, "INR", default);
        await host.Services.GetRequiredService<Wallets>().OpenAccountAsync(user.TenantId, "INR", default);
        await ledger.TransferAsync(
            new("TOPUP-BENCH", provider, Wallets.AccountOf(user.TenantId, "INR"), 100_000, "INR"), default);

        using HttpClient http = new() { BaseAddress = new(host.BaseAddress, "api/v1/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await SignedIn.TokenAsync(host.Services, user));
        DateTimeOffset start = DateTimeOffset.UtcNow.AddSeconds(3);
        GiveawayPlan plan = new(
            "Looked at", DrawMode.SlotMachine, start, start.AddHours(12), "INR", [new PrizeLine("Airtime", PrizeKind.Airtime, 100, 10)],
            MaxParticipants: 1_000, Slots: new SlotPlan(1, 1_000, 100, 3_600));
        string id = (await AttemptsHttp.PostAsync(http, "giveaways", plan)).GetProperty("id").GetString()!;
        await AttemptsHttp.PostAsync(http, $"giveaways/{id}/schedule", null);
        return id;
    }
}

/// <summary>Where it is, who may sign in, and the giveaway whose page is looked at.</summary>
internal sealed record LoadReady(Uri Address, string User, string Password, string Giveaway);
