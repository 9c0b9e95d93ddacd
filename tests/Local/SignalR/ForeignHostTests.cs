using System.Diagnostics;
using System.Globalization;
using FinVault.Local.SignalR;
using FinVault.Tests.Support;

namespace FinVault.Tests.Local.SignalR;

/// <summary>
/// The embedded SignalR of <c>--services</c> as a foreign Functions host and its clients see it. The host is node:http, which
/// signs, sends and hears as Azure's SDK does; the clients are <c>@microsoft/signalr</c>. The SDK itself is on no partial feed.
/// </summary>
public class ForeignHostTests
{
    [NodeModulesFact]
    public async Task ForeignHost_IsToldOfItsClients_AndSendsOverRest()
    {
        ProcessStartInfo start = new("node", [Repository.PathTo("tests", "node", "signalr", "foreign.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process foreign = Process.Start(start)!;
        try
        {
            using CancellationTokenSource overdue = new(TimeSpan.FromMinutes(1));
            Task<string> errors = foreign.StandardError.ReadToEndAsync(overdue.Token);
            string? port = await foreign.StandardOutput.ReadLineAsync(overdue.Token);
            Assert.True(int.TryParse(port, CultureInfo.InvariantCulture, out _), port ?? await errors);
            await using AppHost app = await AppHost.StartAsync(AppHost.Defaults with
            {
                Services = true,
                AmqpPort = 0,
                Upstream = $"http://127.0.0.1:{port}/runtime/webhooks/signalr",
            });
            await foreign.StandardInput.WriteLineAsync(
                AccessKey.WellKnown.ConnectionString("127.0.0.1", app.Host.BaseAddress.Port));
            string rest = await foreign.StandardOutput.ReadToEndAsync(overdue.Token);

            Assert.True(rest.Trim() == "ok", rest + await errors);
        }
        finally
        {
            foreign.Kill(entireProcessTree: true);
        }
    }
}
