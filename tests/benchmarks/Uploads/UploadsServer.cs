using FinVault.Benchmarks.Harness;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Benchmarks.Uploads;

/// <summary>The measured process: the whole app on a state folder on disk, with Azurite as a process beside it.</summary>
internal static class UploadsServer
{
    public const string Name = "uploads-server";

    private const string NoLimit = "1000000000";

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "folder", "users");
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = options.Text("folder")!,
            Feed = "none",
            Web = false,
            // A user of the benchmark asks for more than a person may.
            Settings = new Dictionary<string, string?>
            {
                ["Uploads:MaxOpen"] = NoLimit, ["Uploads:MaxPerEntityADay"] = NoLimit,
                ["Uploads:MaxOpenBytes"] = NoLimit + "000", ["RateLimits:enabled"] = "false",
            },
        });
        if (!await host.Blobs.Ready)
        {
            throw new InvalidOperationException("There is no Azurite: install Node.js 20 or newer.");
        }

        List<BenchmarkUser> users = [];
        for (int i = options.Number("users", 200); i > 0; i--)
        {
            CurrentUser user = new(NewId("USER"), NewId("TENANT"), new HashSet<string> { Roles.Merchant });
            string token = await SignedIn.TokenAsync(host.Services, user);
            users.Add(new BenchmarkUser(user.UserId, Merchant.IdOf(user.TenantId), token));
        }

        Console.WriteLine(Figures.ToJson(new UploadsReady(host.BaseAddress, users)));
        await Child.NextAsync();
    }

    private static string NewId(string prefix) => Ids.New(prefix, DateTimeOffset.UtcNow);
}

internal sealed record UploadsReady(Uri Address, IReadOnlyList<BenchmarkUser> Users);

internal sealed record BenchmarkUser(string Id, string Merchant, string Token);
