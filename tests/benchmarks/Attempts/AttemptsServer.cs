using FinVault.Benchmarks.Harness;
using FinVault.Escrow;
using FinVault.Giveaways;
using FinVault.Giveaways.Draw;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Benchmarks.Attempts;

/// <summary>
/// The measured process: the whole app with its state on disk. It makes giveaways whose prizes are in escrow, with as
/// many participants as there will be attempts; after the stampede it counts what its store holds.
/// </summary>
internal sealed class AttemptsServer(LocalHost host, string folder)
{
    public const string Name = "attempts-server";

    private const string Secret = "a-secret-of-the-crowd";
    private const string NoLimit = "1000000000";

    // Everything but the first second is the final window, in which prizes fall to whoever comes, as the peer's do.
    private static readonly SlotPlan FirstCome = new(1, 5_000, 100, (int)TimeSpan.FromHours(1).TotalSeconds - 1);

    private readonly CurrentUser _user = new(
        Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System),
        new HashSet<string> { Roles.Host });

    /// <summary>Takes <c>giveaway ATTEMPTS PRIZES</c> and <c>count ID</c> on standard input.</summary>
    public static async Task RunAsync(string[] args)
    {
        string folder = Options.Parse(args, "folder").Text("folder")!;
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = Path.Combine(folder, "data"),
            Feed = "none",
            Web = false,
            // All attempts come from one address, faster than people are allowed to.
            Settings = new Dictionary<string, string?>
            {
                ["RateLimits:enabled"] = "false", ["Giveaways:CallsPerMinute"] = NoLimit,
            },
        });
        AttemptsServer server = new(host, folder);
        await server.FundAsync();
        Console.WriteLine(host.BaseAddress);
        while (await Child.NextAsync() is { } order)
        {
            string[] words = order.Split(' ');
            Console.WriteLine(words[0] == "giveaway"
                ? await server.GiveawayAsync(Number(words[1]), Number(words[2]))
                : await server.CountAsync(words[1]));
        }
    }

    private async Task FundAsync()
    {
        Ledger ledger = host.Services.GetRequiredService<Ledger>();
        string provider = LedgerAccount.PlatformId(AccountKind.Provider, "INR");
        await ledger.OpenAccountAsync(provider, AccountKind.Provider, "INR", default);
        await host.Services.GetRequiredService<Wallets>().OpenAccountAsync(_user.TenantId, "INR", default);
        await ledger.TransferAsync(
            new("TOPUP-BENCH", provider, Wallets.AccountOf(_user.TenantId, "INR"), 100_000_000, "INR"), default);
    }

    /// <summary>A giveaway that runs, its crowd's tokens in a file of its name.</summary>
    private async Task<string> GiveawayAsync(int attempts, int prizes)
    {
        using HttpClient http = new() { BaseAddress = new(host.BaseAddress, "api/v1/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await SignedIn.TokenAsync(host.Services, _user));
        DateTimeOffset start = DateTimeOffset.UtcNow.AddSeconds(3);
        GiveawayPlan plan = new(
            "Stampede", DrawMode.SlotMachine, start, start.AddHours(1), "INR",
            [new PrizeLine("Airtime", PrizeKind.Airtime, 100, prizes)], MaxParticipants: attempts, Slots: FirstCome);
        string id = (await AttemptsHttp.PostAsync(http, "giveaways", plan)).GetProperty("id").GetString()!;
        await AttemptsHttp.PostAsync(http, $"giveaways/{id}/schedule", null);
        GiveawayStore store = host.Services.GetRequiredService<GiveawayStore>();
        DateTimeOffset patience = DateTimeOffset.UtcNow.AddMinutes(2);
        while (await store.FindAsync(id, default) is not { State: GiveawayState.Active })
        {
            await Task.Delay(100);
            if (DateTimeOffset.UtcNow > patience)
            {
                throw new TimeoutException($"{id} does not start.");
            }
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, id), await RegisterAsync(id, attempts));
        // The final window begins a second after the start.
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        return id;
    }

    // By the store: it is attempts that are measured.
    private async Task<IReadOnlyList<string>> RegisterAsync(string giveaway, int count)
    {
        Container container = host.Services.GetRequiredService<GiveawayDocuments>().Container;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        List<string> tokens = [];
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(GiveawayDocuments.MaxBatch))
        {
            TransactionalBatch batch = container.CreateTransactionalBatch(new PartitionKey(giveaway));
            foreach (int number in chunk)
            {
                string id = Ids.New(Participant.Prefix, now);
                batch.CreateItem(new Participant(
                    id, giveaway, $"Member {number}", $"member{number}@example.in", $"CONTACT-{number}",
                    ParticipantToken.HashOf(Secret), now, now));
                tokens.Add($"{id}.{Secret}");
            }

            using TransactionalBatchResponse done = await batch.ExecuteAsync();
            if (!done.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"The crowd was not registered: {done.StatusCode}.");
            }
        }

        return tokens;
    }

    /// <summary>Winners, prizes that were won, and prizes that are left, as the store has them.</summary>
    private async Task<string> CountAsync(string giveaway)
    {
        List<Winner> winners = await host.Services.GetRequiredService<AttemptStore>().WinnersAsync(giveaway, default);
        PrizeGate? gate = await host.Services.GetRequiredService<AttemptStore>().FindGateAsync(giveaway, default);
        return Figures.ToJson(new AttemptsCount(
            winners.Select(winner => winner.Participant).Distinct().Count(),
            winners.Select(winner => winner.Prize).Distinct().Count(), gate!.Remaining));
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What the store holds after a stampede.</summary>
internal sealed record AttemptsCount(int Winners, int Prizes, int Left);
