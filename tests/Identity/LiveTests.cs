using System.Text.Json;
using FinVault.Identity;
using FinVault.Tests.Local.SignalR;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;

namespace FinVault.Tests.Identity;

/// <summary>Whose a live connection is, what it may join, and when it ends.</summary>
public sealed class LiveTests : IAsyncLifetime
{
    private const string Hello = "hello";

    private IdentityApp _app = null!;
    private SessionGrant _asha = null!;
    private SessionGrant _bala = null!;

    public async Task InitializeAsync()
    {
        _app = await IdentityApp.StartAsync();
        _asha = await _app.NewUserAsync("asha@example.com");
        _bala = await _app.NewUserAsync("bala@example.com");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Connection_BelongsToWhoNegotiatedIt()
    {
        using RawClient asha = await ConnectAsync(_asha.AccessToken);
        using RawClient bala = await ConnectAsync(_bala.AccessToken);
        using RawClient nobody = await ConnectAsync(null);
        using RawClient forger = await ConnectAsync(_asha.AccessToken[..^2] + "AA");

        await Hub.Clients.User(_asha.UserId).SendAsync(Hello, "for asha");
        Assert.Equal("for asha", await HeardAsync(asha));
        await Hub.Clients.All.SendAsync(Hello, "for all");
        Assert.All(
            await Task.WhenAll(HeardAsync(asha), HeardAsync(bala), HeardAsync(nobody), HeardAsync(forger)),
            heard => Assert.Equal("for all", heard));
    }

    [Fact]
    public async Task Tenant_IsJoinedByItsMembersOnly()
    {
        string tenant = (await _app.MeAsync(_asha.AccessToken)).TenantId;
        using RawClient asha = await ConnectAsync(_asha.AccessToken);
        using RawClient bala = await ConnectAsync(_bala.AccessToken);
        using RawClient nobody = await ConnectAsync(null);

        Assert.Equal((true, false, false), (
            await JoinAsync(asha, tenant), await JoinAsync(bala, tenant), await JoinAsync(nobody, tenant)));
        await Hub.Clients.Group(LiveConnections.TenantGroup(tenant)).SendAsync(Hello, "for the tenant");
        await Hub.Clients.All.SendAsync(Hello, "for all");

        Assert.Equal("for the tenant", await HeardAsync(asha));
        Assert.Equal("for all", await HeardAsync(bala));
        Assert.Equal("for all", await HeardAsync(nobody));
    }

    /// <summary>No method of the hub takes the name of a group: what a client says is an id of the right kind, or refused.</summary>
    [Fact]
    public async Task Room_IsNoWayIntoAnotherGroup()
    {
        string tenant = (await _app.MeAsync(_asha.AccessToken)).TenantId;
        using RawClient bala = await ConnectAsync(_bala.AccessToken);
        foreach (string name in (string[])[LiveConnections.TenantGroup(tenant), tenant, $"user:{_asha.UserId}", _asha.UserId])
        {
            Assert.True((await CallAsync(bala, "JoinGiveaway", name)).TryGetProperty("error", out _), name);
        }

        await Hub.Clients.Group(LiveConnections.TenantGroup(tenant)).SendAsync(Hello, "for the tenant");
        await Hub.Clients.All.SendAsync(Hello, "for all");
        Assert.Equal("for all", await HeardAsync(bala));
    }

    [Fact]
    public async Task Connection_OfASessionThatIsEnded_IsClosed_AndOthersAreNot()
    {
        SessionGrant other = await _app.SignInAsync("asha@example.com");
        using RawClient here = await ConnectAsync(_asha.AccessToken);
        using RawClient there = await ConnectAsync(other.AccessToken);
        Assert.True(await JoinAsync(there, (await _app.MeAsync(other.AccessToken)).TenantId));

        await _app.DeleteAsync($"auth/sessions/{other.SessionId}", _asha.AccessToken);

        Exception gone = await Assert.ThrowsAnyAsync<Exception>(
            async () => await HeardAsync(there).WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.IsNotType<TimeoutException>(gone);
        await Hub.Clients.User(_asha.UserId).SendAsync(Hello, "to who is left");
        Assert.Equal("to who is left", await HeardAsync(here));
        using RawClient back = await ConnectAsync(other.AccessToken);
        Assert.False(await JoinAsync(back, (await _app.MeAsync(_asha.AccessToken)).TenantId));
    }

    private ServiceHubContext Hub => _app.Get<ServiceHubContext>();

    private async Task<RawClient> ConnectAsync(string? token)
    {
        RawClient client = await RawClient.ConnectAsync(
            new Uri(_app.App.Client.BaseAddress!, "api/v1/realtime/negotiate"), token);
        // What tells the app of a connection may come after the handshake; an answer comes after both.
        await CallAsync(client, "WatchBoard", "");
        return client;
    }

    private static async Task<bool> JoinAsync(RawClient client, string tenant) =>
        (await CallAsync(client, "JoinTenant", tenant)).GetProperty("result").GetBoolean();

    private static async Task<JsonElement> CallAsync(RawClient client, string method, string argument)
    {
        await client.SendAsync(JsonSerializer.Serialize(
            new { type = 1, invocationId = "1", target = method, arguments = (string[])[argument] }));
        return await client.NextAsync(record => record.GetProperty("type").GetInt32() == 3);
    }

    private static async Task<string?> HeardAsync(RawClient client) => (await client.NextAsync(
        record => record.GetProperty("type").GetInt32() == 1 && record.GetProperty("target").GetString() == Hello))
        .GetProperty("arguments")[0].GetString();
}
