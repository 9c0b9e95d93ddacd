using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Tests.Support;

namespace FinVault.Tests.Giveaways;

/// <summary>
/// The process dies twice in the middle of a stampede; who got no answer asks again with the same id.
/// </summary>
public sealed class KilledStampedeTests : IDisposable
{
    private const int Attempts = 5_000;
    private const int Prizes = 100;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("finvault-stampede-");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Stampede_KilledTwice_Has100WinnersAndEachPrizeOnce()
    {
        (string id, AttemptCrowd crowd) = await BeginAsync();
        (ChildProcess Process, Uri Address) host = await SagaHost.StartAsync(Data);
        try
        {
            Uri address = host.Address;
            Task running = crowd.RunAsync(address, 128, () => Volatile.Read(ref address));
            foreach (int answered in new[] { 25, Prizes + 500 })
            {
                while (crowd.Answered < answered)
                {
                    Assert.False(running.IsFaulted, $"{running.Exception}");
                    await Task.Delay(5);
                }

                await host.Process.KillAsync();
                host.Process.Dispose();
                host = await SagaHost.StartAsync(Data);
                Volatile.Write(ref address, host.Address);
            }

            await running;
        }
        finally
        {
            // Also where something failed: no process may be left.
            host.Process.Dispose();
        }

        await using GiveawayApp after = await GiveawayApp.OpenAsync(SagaHost.Options(Data));
        await crowd.AssertExactlyAsync(after.App.Host.Services, Prizes);
        await after.StateAsync(id, "past");
    }

    /// <summary>A giveaway that is in its final window, with everybody registered.</summary>
    private async Task<(string Id, AttemptCrowd Crowd)> BeginAsync()
    {
        await using GiveawayApp app = await GiveawayApp.OpenAsync(SagaHost.Options(Data));
        await GiveawayApp.FundAsync(app.App.Host.Services, GiveawayApp.Wealth);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        GiveawayPlan plan = app.Plan(prizes: Prizes) with
        {
            StartsAt = now.AddSeconds(-5), EndsAt = now.AddMinutes(30), Slots = new SlotPlan(1, 100, 100, 1_803),
        };
        JsonElement draft = await app.CreateAsync(plan);
        string id = draft.GetProperty("id").GetString()!;
        await app.SendAsync(HttpMethod.Post, $"giveaways/{id}/schedule");
        await app.StateAsync(id, "active");
        return (id, await AttemptCrowd.RegisterAsync(app.App.Host.Services, id, Attempts, now));
    }
}
