using FinVault.Local.Cosmos;
using FinVault.Local.EventHubs.Amqp;
using FinVault.Local.Identity;
using FinVault.Local.SignalR;

namespace FinVault.Local.Hosting;

/// <summary>The lines that a person reads when the host has started.</summary>
internal static class Banner
{
    public static void Print(LocalHostOptions options, LocalHost host)
    {
        if (!options.Console)
        {
            return;
        }

        string root = host.BaseAddress.ToString();
        Console.WriteLine();
        Line("FinVault", $"{root}   (API under {root}api/v1)");
        Line("Data", options.InMemory ? "in memory, gone when this stops" : Path.GetFullPath(options.Data));
        if (options.Services)
        {
            Services(options, host);
        }
        else
        {
            Line("Functions", $"{host.Functions.Count}, event hub '{host.Hub.Name}' with {host.Hub.PartitionIds.Count} partitions");
            Line("Feed", options.Replay is { } file ? $"{file} at speed {options.Speed}"
                : options.FeedOrDefault == "demo" ? "demo, made-up prices of TEST-… symbols" : "none");
        }

        if (!options.Services)
        {
            Accounts(options, host);
        }

        Line("Stop", "Ctrl-C");
        Console.WriteLine();
    }

    private static void Accounts(LocalHostOptions options, LocalHost host)
    {
        if (options.DemoAccounts)
        {
            string names = string.Join(", ", DemoUsers.All.Select(DemoAccounts.EmailOf));
            Line("Sign in", $"as {names}");
            Line("", $"with the password {host.Services.GetRequiredService<DemoAccounts>().Password}");
        }
    }

    // Names of settings and forms of connection strings as the Azure SDKs and the Functions host take them.
    private static void Services(LocalHostOptions options, LocalHost host)
    {
        string address = host.BaseAddress.GetLeftPart(UriPartial.Authority);
        Line("Cosmos", $"Cosmos=AccountEndpoint={address}/;AccountKey={MasterKey.WellKnown}");
        string signalR = AccessKey.WellKnown.ConnectionString(host.BaseAddress.Host, host.BaseAddress.Port);
        Line("SignalR", $"AzureSignalRConnectionString={signalR}");
        Line("", $"tells {options.Upstream} what clients do");
        Line("Event hub", $"EventHubs={SharedAccessKey.WellKnown.ConnectionString("127.0.0.1", host.Amqp.Port)}");
        Line("", $"POST {address}/{host.Hub.Name}/messages   (Event Hubs REST, no key)");
        Line("Mail", $"Mail__Port={host.Mail.Port}   (what was sent: {address}/dev/mail)");
    }

    private static void Line(string name, string value) => Console.WriteLine($"  {name,-10} {value}");
}
