using System.Net;
using System.Text.Json;
using DurableTask.Core.History;
using FinVault.Escrow;
using FinVault.Platform.Resilience;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using FinVault.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace FinVault.Tests.Escrow.Payments;

/// <summary>What tenants' own systems are told, how often, and by whose signature.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    // Without the app's other timers, or hours of the clock would be hours of all of them.
    private static readonly Type[] Functions = [typeof(WebhookFunctions), typeof(WebhookDeliveryFunctions), typeof(OutboxFunctions)];

    private PaymentsApp _app = null!;
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _app = await PaymentsApp.StartAsync(functions: Functions);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Message_GoesToWhoeverAskedForItsKind_Signed()
    {
        (string id, string secret) = await AddAsync("wallet.low");
        (string other, _) = await AddAsync("withdrawal.failed");
        await RaiseAsync("wallet.low", new { available = 5 });
        await DeliveredAsync(id, 1);
        WebhookReceiver.Received got = Assert.Single(_receiver.All);
        Assert.True(WebhookSignature.IsValid(got.Signature, got.Body, [secret], _app.Clock.GetUtcNow()));
        Assert.Equal("wallet.low", got.Json.GetProperty("type").GetString());
        Assert.Equal(5, got.Json.GetProperty("data").GetProperty("available").GetInt32());
        JsonElement delivery = Assert.Single(await DeliveriesAsync(id));
        Assert.Equal(got.Id, delivery.GetProperty("id").GetString());
        Assert.Equal(204, Assert.Single(delivery.GetProperty("attempts").EnumerateArray()).GetProperty("status").GetInt32());
        Assert.Empty(await DeliveriesAsync(other));
    }

    [Fact]
    public async Task Message_ToldTwice_IsOneDelivery()
    {
        (string id, _) = await AddAsync();
        OutboxMessage message = OutboxMessage.OfTenant(PaymentsApp.Tenant, "wallet.low", new { }, _app.Clock);
        await _app.Get<Webhooks>().HandleAsync(message, default);
        await _app.Get<Webhooks>().HandleAsync(message, default);
        // One of a giveaway names its tenant; one of nobody is for nobody.
        await _app.Get<Webhooks>().HandleAsync(
            Ended("GIVEAWAY_1") with { Owner = PaymentsApp.Tenant }, default);
        await _app.Get<Webhooks>().HandleAsync(
            Ended("GIVEAWAY_2") with { Owner = PaymentsApp.Tenant }, default);
        await _app.Get<Webhooks>().HandleAsync(Ended("GIVEAWAY_3"), default);
        await DeliveredAsync(id, 3);
        Assert.Equal(3, _receiver.All.Select(one => one.Json.GetProperty("id").GetString()).Distinct().Count());
        OutboxMessage Ended(string giveaway) =>
            OutboxMessage.OfGiveaway(giveaway, "giveaway.ended", new { }, _app.Clock, "ENDED");
    }

    [Fact]
    public async Task Delivery_IsTriedAgain_WithLongerAndLongerWaits()
    {
        _receiver.Answer(500, 302, 0);
        (string id, _) = await AddAsync();
        await PingAsync(id);
        await TriedAsync(id, 1);
        await WaitAsync(id, 1);
        await TriedAsync(id, 2);
        await WaitAsync(id, 2);
        await Eventually.TrueAsync(() => _receiver.All.Count == 3, "the third is sent");
        // It is not answered, and given up after ten seconds.
        _app.Clock.Advance(WebhookLimits.Answer);
        await TriedAsync(id, 3);
        await WaitAsync(id, 3);
        await DeliveredAsync(id, 1);
        JsonElement[] attempts = [.. (await DeliveriesAsync(id))[0].GetProperty("attempts").EnumerateArray()];
        Assert.Equal([500, 302, null, 204], attempts.Select(Status));
        Assert.Contains("in time", attempts[2].GetProperty("failure").GetString(), StringComparison.Ordinal);
        Assert.Single(_receiver.All.Select(one => one.Id).Distinct());
        Assert.Single(_receiver.All.Select(one => Convert.ToHexString(one.Body)).Distinct());
    }

    [Fact]
    public async Task Delivery_AfterItsLastTry_IsSetAside_AndCanBeSentAgain()
    {
        _receiver.Answer([.. Enumerable.Repeat(503, 8)]);
        (string id, _) = await AddAsync();
        await PingAsync(id);
        await TriedAsync(id, 1);
        for (int i = 0; i < WebhookLimits.Waits.Count; i++)
        {
            await WaitAsync(id, i + 1);
            await TriedAsync(id, i + 2);
        }

        await Eventually.TrueAsync(async () => (await DeliveriesAsync(id, "dead")).Length == 1, "it is given up");
        string delivery = (await DeliveriesAsync(id, "dead"))[0].GetProperty("id").GetString()!;
        SignIn();
        JsonElement again = await _app.PostAsync($"webhooks/{id}/deliveries/{delivery}/redeliver", new { });
        Assert.Equal("pending", again.GetProperty("state").GetString());
        await DeliveredAsync(id, 1);
        Assert.Equal(9, _receiver.All.Count);
        // What was taken can be sent again too.
        await _app.PostAsync($"webhooks/{id}/deliveries/{delivery}/redeliver", new { });
        await Eventually.TrueAsync(() => _receiver.All.Count == 10, "it is sent again");
    }

    [Fact]
    public async Task Delivery_GoesOn_AfterARestart()
    {
        using DataFolder folder = new();
        _receiver.Answer(500);
        string id;
        await using (PaymentsApp first = await PaymentsApp.StartAsync(folder.Name, _app.Clock, functions: Functions))
        {
            id = (await first.PostAsync("webhooks", new { url = _receiver.Url, events = Array.Empty<string>() }))
                .GetProperty("webhook").GetProperty("id").GetString()!;
            await first.PostAsync($"webhooks/{id}/ping", new { });
            await Eventually.TrueAsync(() => _receiver.All.Count == 1, "the first try");
        }

        await using PaymentsApp second = await PaymentsApp.StartAsync(folder.Name, _app.Clock, functions: Functions);
        await Eventually.TrueAsync(
            () =>
            {
                _app.Clock.Advance(TimeSpan.FromSeconds(1));
                return _receiver.All.Count == 2;
            },
            "the second try");
        Assert.Equal(_receiver.All[0].Id, _receiver.All[1].Id);
    }

    [Fact]
    public async Task Secret_IsShownOnce_AndBothSignWhileItIsRotated()
    {
        (string id, string old) = await AddAsync();
        Assert.DoesNotContain(old, (await _app.GetAsync("webhooks")).GetRawText(), StringComparison.Ordinal);
        string fresh = (await _app.PostAsync($"webhooks/{id}/rotate-secret", new { })).GetProperty("secret").GetString()!;
        await PingAsync(id);
        await DeliveredAsync(id, 1);
        WebhookReceiver.Received got = Assert.Single(_receiver.All);
        foreach (string secret in new[] { old, fresh })
        {
            Assert.True(WebhookSignature.IsValid(got.Signature, got.Body, [secret], _app.Clock.GetUtcNow()));
        }
    }

    [Fact]
    public async Task Tenant_HasTenAtMost_AndOnlyItsOwn()
    {
        (HttpStatusCode Status, string? Code)[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ =>
            _app.TryPostAsync("webhooks", new { url = _receiver.Url, events = Array.Empty<string>() })));
        Assert.Equal(10, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal(2, answers.Count(answer => answer.Code == "too_many_webhooks"));
        string id = (await _app.GetAsync("webhooks")).GetProperty("data")[0].GetProperty("id").GetString()!;
        _app.SignInAs(PaymentsApp.Meera, PaymentsApp.OtherTenant, Roles.Host);
        Assert.Empty((await _app.GetAsync("webhooks")).GetProperty("data").EnumerateArray());
        Assert.Equal("unknown_webhook", (await _app.TryPostAsync($"webhooks/{id}/ping", new { })).Code);
        _app.SignIn(Roles.Host);
        using HttpResponseMessage gone = await _app.Client.DeleteAsync($"api/v1/webhooks/{id}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await AddAsync();
    }

    [Theory]
    [InlineData("http://example.com/hook")]
    [InlineData("https://10.0.0.1/hook")]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("https://localhost/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://[::ffff:169.254.169.254]/hook")]
    [InlineData("https://169.254.169.254/metadata")]
    [InlineData("https://168.63.129.16/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://user:pass@example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("/hook")]
    public void Url_ThatLeadsInside_IsRefused(string url)
    {
        using WebhookSending azure = new(new ConfigurationBuilder().Build(), _app.Get<Dependencies>(), _app.Clock);
        Assert.NotNull(azure.Refuses(url));
        Assert.Null(azure.Refuses("https://example.com/hook"));
    }

    [Fact]
    public async Task Name_ThatResolvesToAPrivateAddress_IsNotConnectedTo()
    {
        using WebhookSending azure = new(new ConfigurationBuilder().Build(), _app.Get<Dependencies>(), _app.Clock);
        // This machine's own name: to a loopback or private address, as somebody's DNS could say of any name.
        string url = $"https://{Dns.GetHostName()}:{new Uri(_receiver.Url).Port}/hook";
        DeliveryAttempt attempt = await azure.SendAsync(
            new("WEBHOOK_1", PaymentsApp.Tenant, url, [], "secret", 0, PaymentsApp.Harish),
            new("DELIVERY_1", PaymentsApp.Tenant, "WEBHOOK_1", "ping", "{}", DeliveryState.Pending, 0, [], 0),
            default);
        Assert.Null(attempt.Status);
        Assert.Empty(_receiver.All);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("100.64.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::", false)]
    public void Address_IsPublic_OrNot(string address, bool expected) =>
        Assert.Equal(expected, PublicAddress.IsPublic(IPAddress.Parse(address)));

    private static int? Status(JsonElement attempt) =>
        attempt.GetProperty("status") is { ValueKind: JsonValueKind.Number } status ? status.GetInt32() : null;

    private async Task<(string Id, string Secret)> AddAsync(params string[] events)
    {
        JsonElement added = await _app.PostAsync("webhooks", new { url = _receiver.Url, events });
        return (added.GetProperty("webhook").GetProperty("id").GetString()!, added.GetProperty("secret").GetString()!);
    }

    // A token lasts a day, and the clock here goes on by hours.
    private void SignIn() => _app.SignIn(Roles.Host);

    private Task<JsonElement> PingAsync(string id) => _app.PostAsync($"webhooks/{id}/ping", new { });

    private async Task RaiseAsync(string kind, object payload) => await _app.Documents.CreateItemAsync(
        OutboxMessage.OfTenant(PaymentsApp.Tenant, kind, payload, _app.Clock), new(PaymentsApp.Tenant));

    private async Task<JsonElement[]> DeliveriesAsync(string id, string state = "")
    {
        SignIn();
        return [.. (await _app.GetAsync($"webhooks/{id}/deliveries?state={state}")).GetProperty("data").EnumerateArray()];
    }

    private Task DeliveredAsync(string id, int count) => Eventually.TrueAsync(
        async () => (await DeliveriesAsync(id, "delivered")).Length == count, $"{count} are delivered");

    private Task TriedAsync(string id, int count) => Eventually.TrueAsync(
        async () => (await DeliveriesAsync(id)).Any(one => one.GetProperty("attempts").GetArrayLength() == count),
        $"{count} tries");

    /// <summary>Lets the time until the next try go by, once the orchestration has begun to wait for it.</summary>
    private async Task WaitAsync(string id, int tried)
    {
        string instance = (await DeliveriesAsync(id))[0].GetProperty("id").GetString()!;
        await Eventually.TrueAsync(
            async () => (await _app.App.Host.Durable.Client.GetOrchestrationHistoryAsync(instance))
                .OfType<TimerCreatedEvent>().Count() == tried,
            "the orchestration waits");
        _app.Clock.Advance(WebhookLimits.Waits[tried - 1]);
    }
}
