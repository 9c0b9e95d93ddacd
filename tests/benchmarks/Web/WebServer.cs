using FinVault.Benchmarks.Harness;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;

namespace FinVault.Benchmarks.Web;

/// <summary>The measured server: the whole app with its web client and the demo feed, its state on disk.</summary>
internal static class WebServer
{
    public const string Name = "web-server";

    /// <summary>Says its address, and then to every line a new session of one and the same user.</summary>
    public static async Task RunAsync(string[] args)
    {
        Options options = Options.Parse(args, "folder");
        await using LocalHost host = await LocalHost.StartAsync(new LocalHostOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = options.Text("folder")!,
            Feed = "demo",
            Web = true,
            Blobs = false,
            DemoAccounts = false,
            Settings = new Dictionary<string, string?> { ["RateLimits:enabled"] = "false" },
        });
        CurrentUser user = new(NewId("USER"), NewId("TENANT"), new HashSet<string> { Roles.User });
        Account account = await SignedIn.AccountAsync(host.Services, user);
        Console.WriteLine(host.BaseAddress);
        while (await Child.NextAsync() is not null)
        {
            SessionGrant grant = await SignedIn.BeginAsync(host.Services, account);
            Console.WriteLine(Figures.ToJson(new WebSession(grant.AccessToken, grant.RefreshToken!)));
        }
    }

    private static string NewId(string prefix) => Ids.New(prefix, DateTimeOffset.UtcNow);
}

/// <summary>For calls of the API, and for a browser's cookie.</summary>
internal sealed record WebSession(string AccessToken, string RefreshToken);
