using System.Net;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Local.Notifications;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using FinVault.Tests.Identity;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Notifications;

/// <summary>FinVault on a clock that stands still, with users who are told things by messages in the outbox.</summary>
internal sealed class NoticeApp : IAsyncDisposable
{
    private readonly IdentityApp _people;

    private NoticeApp(IdentityApp people) => _people = people;

    public ManualClock Clock => _people.Clock;

    public IEnumerable<string> Logs => _people.App.Logs.All.Select(log => log.Message);

    public LocalHost Host => _people.App.Host;

    public SimulatedChannels Outside => _people.Get<SimulatedChannels>();

    public LocalMailbox Mailbox => _people.Get<LocalMailbox>();

    public static async Task<NoticeApp> StartAsync(Action<IServiceCollection>? configure = null) =>
        new(await IdentityApp.StartAsync(configure: configure));

    public T Get<T>() where T : notnull => _people.Get<T>();

    /// <summary>A user with a confirmed address, signed in.</summary>
    public async Task<string> UserAsync()
    {
        string user = Ids.New("USER", Clock);
        await _people.App.Sessions.IssueAsync(new(user, Membership.OwnTenantOf(user), new HashSet<string> { Roles.User }));
        return user;
    }

    public static string EmailOf(string user) => $"{user.ToLowerInvariant()}@users.example";

    public Task<Mail> MailAsync(string user, string subject) => _people.MailAsync(EmailOf(user), subject);

    /// <summary>Calls as a user, at whatever time it is.</summary>
    public async Task<Answer> SendAsync(string user, HttpMethod method, string path, object? body = null, string role = Roles.User)
    {
        CurrentUser caller = new(user, Membership.OwnTenantOf(user), new HashSet<string> { role });
        return await _people.SendAsync(method, path, body, await _people.App.Sessions.IssueAsync(caller));
    }

    public Task<Answer> GetAsync(string user, string path) => SendAsync(user, HttpMethod.Get, path);

    public Task<Answer> CallAsync(string path, object body, Action<System.Net.Http.Headers.HttpRequestHeaders>? headers = null) =>
        _people.SendAsync(HttpMethod.Post, path, body, null, headers);

    /// <summary>Writes a message as a slice does beside its change.</summary>
    public async Task<OutboxMessage> TellAsync(string user, string kind, object values, string? id = null)
    {
        OutboxMessage message = Notices.Message(user, kind, values, Clock, id);
        await Identities.CreateItemAsync(message, new PartitionKey(user));
        return message;
    }

    public Container Identities => Get<CosmosClient>().GetContainer(Containers.Database, Containers.Identity);

    /// <summary>A user's notices, newest first.</summary>
    public async Task<JsonElement[]> NoticesAsync(string user, string query = "?limit=100") =>
        [.. (await GetAsync(user, $"notifications{query}")).Body.GetProperty("data").EnumerateArray()];

    public async Task<JsonElement[]> NoticesAsync(string user, int count)
    {
        JsonElement[] found = [];
        await Eventually.TrueAsync(
            async () => (found = await NoticesAsync(user)).Length >= count, $"{user} has {count} notices");
        return found;
    }

    public async Task SetAsync(string user, object preferences) => Assert.Equal(
        HttpStatusCode.OK, (await SendAsync(user, HttpMethod.Put, "notifications/preferences", preferences)).Status);

    /// <summary>Jobs as an operator sees them.</summary>
    public async Task<JsonElement[]> JobsAsync(string query) =>
        [.. (await SendAsync("USER_01ARZ3NDEKTSV4RRFFQ69G5FAV", HttpMethod.Get, $"operations/jobs?{query}", role: Roles.Admin))
            .Body.GetProperty("data").EnumerateArray()];

    public Task<Answer> OperateAsync(HttpMethod method, string path) =>
        SendAsync("USER_01ARZ3NDEKTSV4RRFFQ69G5FAV", method, path, role: Roles.Admin);

    /// <summary>Lets time pass until something has happened.</summary>
    public Task AdvanceUntilAsync(TimeSpan step, Func<Task<bool>> condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            if (await condition())
            {
                return true;
            }

            Clock.Advance(step);
            return false;
        },
        what);

    /// <summary>Links a chat as its user does.</summary>
    public async Task<string> LinkTelegramAsync(string user, long chat)
    {
        Answer offer = await SendAsync(user, HttpMethod.Post, "notifications/devices/telegram");
        string code = offer.Read<TelegramLink>().Code;
        Answer heard = await CallAsync(
            "notifications/telegram/webhook",
            new { update_id = 1, message = new { text = $"/start {code}", chat = new { id = chat, type = "private" } } },
            headers => headers.Add("X-Telegram-Bot-Api-Secret-Token", "local"));
        Assert.Equal(HttpStatusCode.OK, heard.Status);
        return code;
    }

    /// <summary>Subscribes a browser of the simulated push service.</summary>
    public async Task<DeviceView> SubscribeAsync(string user, string browser) => (await SendAsync(
        user, HttpMethod.Post, "notifications/devices/push",
        PushEncryptionTests.Subscription(new Uri(Host.BaseAddress, $"/dev/push/{browser}").ToString()))).Read<DeviceView>();

    public ValueTask DisposeAsync() => _people.DisposeAsync();
}
