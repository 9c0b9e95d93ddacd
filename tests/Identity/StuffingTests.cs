using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using FinVault.Identity;
using Xunit.Abstractions;

namespace FinVault.Tests.Identity;

/// <summary>An attack with passwords that leaked elsewhere, from many addresses, costs little and finds nothing.</summary>
public sealed class StuffingTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Attempts = 1_000;
    private const int Addresses = 50;
    private const int Accounts = 20;
    private const int Flood = 300;
    private const int FloodAddresses = 10;

    private IdentityApp _app = null!;

    public async Task InitializeAsync() => _app = await IdentityApp.StartAsync(new Dictionary<string, string?>
    {
        ["RateLimits:enabled"] = "true", ["RateLimits:trustedHops"] = "1",
    });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Attempts_OfAThousand_AreBoundedByAddressAndByAccount()
    {
        SessionGrant bystander = await _app.NewUserAsync("asha@example.com");
        ConcurrentQueue<(string Account, string Address, HttpStatusCode Status)> seen = [];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Attempts), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                string account = $"user{i % Accounts}@example.com";
                string address = $"203.0.113.{i % Addresses}";
                seen.Enqueue((account, address, await TryAsync(account, address, i)));
            });

        (string Account, string Address, HttpStatusCode Status)[] tried =
            [.. seen.Where(one => one.Status == HttpStatusCode.Unauthorized)];
        output.WriteLine($"{Attempts} attempts from {Addresses} addresses on {Accounts} accounts: {tried.Length} reached a password");
        Assert.All(seen, one => Assert.True(
            one.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, $"{one.Status}"));
        Assert.All(tried.GroupBy(one => one.Address), of => Assert.InRange(of.Count(), 1, 10));
        Assert.All(tried.GroupBy(one => one.Account), of => Assert.InRange(of.Count(), 1, 10));
        Assert.True(await _app.IsInAsync(bystander.AccessToken));
    }

    [Fact]
    public async Task Registrations_InAFlood_AreBoundedByAddress_AndLockNobodyOut()
    {
        SessionGrant bystander = await _app.NewUserAsync("asha@example.com");
        ConcurrentQueue<(string Address, HttpStatusCode Status)> seen = [];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Flood), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                string address = $"198.51.100.{i % FloodAddresses}";
                seen.Enqueue((address, await PostAsync(
                    "auth/register", address, new { Email = $"flood{i}@example.com", IdentityApp.Password })));
            });

        (string Address, HttpStatusCode Status)[] taken = [.. seen.Where(one => one.Status == HttpStatusCode.Accepted)];
        output.WriteLine($"{Flood} registrations from {FloodAddresses} addresses: {taken.Length} were taken");
        Assert.All(seen, one => Assert.True(
            one.Status is HttpStatusCode.Accepted or HttpStatusCode.TooManyRequests, $"{one.Status}"));
        Assert.Equal(FloodAddresses, taken.GroupBy(one => one.Address).Count());
        Assert.All(taken.GroupBy(one => one.Address), of => Assert.InRange(of.Count(), 1, 10));
        // Whoever is in goes on, and who comes from elsewhere gets in.
        Assert.True(await _app.IsInAsync(bystander.AccessToken));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(
            "auth/register", "192.0.2.1", new { Email = "harish@example.com", IdentityApp.Password }));
    }

    private async Task<HttpStatusCode> TryAsync(string account, string address, int i) =>
        await PostAsync("auth/sign-in", address, new { Email = account, Password = $"leaked password {i}" });

    private async Task<HttpStatusCode> PostAsync(string route, string address, object body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"api/v1/{route}") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Forwarded-For", address);
        using HttpResponseMessage answer = await _app.App.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
