using FinVault.Benchmarks.Harness;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;

namespace FinVault.Benchmarks.Abuse;

/// <summary>The measured process: the whole app with its limits on, and addresses as a proxy in front tells them.</summary>
internal static class AbuseServer
{
    public const string Name = "abuse-server";

    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "folder", "users");
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = options.Text("folder")!,
            Feed = "none",
            Web = false,
            Blobs = false,
            DemoAccounts = false,
            Settings = new Dictionary<string, string?>
            {
                ["RateLimits:enabled"] = "true", ["RateLimits:trustedHops"] = "1",
            },
        });
        List<string> users = [];
        for (int i = options.Number("users", 20); i > 0; i--)
        {
            users.Add(await SignedIn.TokenAsync(host.Services, new CurrentUser(
                Ids.New("USER", DateTimeOffset.UtcNow), Ids.New("TENANT", DateTimeOffset.UtcNow),
                new HashSet<string> { Roles.Host })));
        }

        Console.WriteLine(Figures.ToJson(new AbuseReady(host.BaseAddress, users)));
        await Child.NextAsync();
    }
}

/// <summary>Tokens are those of the people who do nothing wrong.</summary>
internal sealed record AbuseReady(Uri Address, IReadOnlyList<string> Tokens);
