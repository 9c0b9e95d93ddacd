using System.Net;
using System.Text.Json;
using FinVault.Notifications;
using FinVault.Tests.Identity;

namespace FinVault.Tests.Notifications;

/// <summary>Browsers and chats that users add, and who may not.</summary>
public sealed class DeviceTests : IAsyncLifetime
{
    private const string Asha = "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private const string Bela = "USER_01ARZ3NDEKTSV4RRFFQ69G5FAW";

    private NoticeApp _app = null!;

    public async Task InitializeAsync() => _app = await NoticeApp.StartAsync();

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Browser_IsListedOnce_AndRemovedByItsUserOnly()
    {
        DeviceView added = await _app.SubscribeAsync(Asha, "phone");
        DeviceView again = await _app.SubscribeAsync(Asha, "phone");
        Assert.Equal((added.Id, NoticeChannel.Push, "Asha's phone"), (again.Id, again.Channel, again.Name));
        Assert.Single(await DevicesAsync(Asha));
        Answer stolen = await _app.SendAsync(Bela, HttpMethod.Delete, $"notifications/devices/{added.Id}");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_device"), (stolen.Status, stolen.Code));
        Assert.Equal(
            HttpStatusCode.NoContent, (await _app.SendAsync(Asha, HttpMethod.Delete, $"notifications/devices/{added.Id}")).Status);
        Assert.Empty(await DevicesAsync(Asha));
    }

    [Fact]
    public async Task Browsers_AreTenAtMost()
    {
        for (int i = 0; i < 10; i++)
        {
            await _app.SubscribeAsync(Asha, $"phone-{i}");
        }

        Answer refused = await AddAsync(new Uri(_app.Host.BaseAddress, "/dev/push/phone-10").ToString());
        Assert.Equal((HttpStatusCode.Conflict, "too_many_devices"), (refused.Status, refused.Code));
        await _app.SubscribeAsync(Asha, "phone-9");
    }

    [Fact]
    public async Task Browsers_ThatAreAddedAtOnce_AreTenAtMost()
    {
        await _app.SubscribeAsync(Asha, "phone-0");
        Answer[] all = await Task.WhenAll(Enumerable.Range(1, 14).Select(
            i => AddAsync(new Uri(_app.Host.BaseAddress, $"/dev/push/phone-{i}").ToString())));

        Assert.Equal(5, all.Count(one => one.Code == "too_many_devices"));
        JsonElement[] devices = await DevicesAsync(Asha);
        Assert.Equal(10, devices.Length);
        string gone = devices[0].GetProperty("id").GetString()!;
        await _app.SendAsync(Asha, HttpMethod.Delete, $"notifications/devices/{gone}");
        await _app.SubscribeAsync(Asha, "phone-20");
    }

    [Theory]
    [InlineData("http://push.example.net/abc")]
    [InlineData("https://user@push.example.net/abc")]
    [InlineData("https://10.0.0.1/abc")]
    [InlineData("https://169.254.169.254/metadata")]
    [InlineData("ftp://push.example.net/abc")]
    [InlineData("abc")]
    public async Task Endpoint_ThatIsNotPublic_IsRefused(string endpoint)
    {
        Answer refused = await AddAsync(endpoint);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_subscription"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("", "BTBZMqHH6r4Tts7J_aSIgg")]
    [InlineData("BCVxsr7N", "BTBZMqHH6r4Tts7J_aSIgg")]
    [InlineData("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiwA", "BTBZMqHH6r4Tts7J_aSIgg")]
    [InlineData("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "short")]
    public async Task Keys_ThatAreNone_AreRefused(string point, string secret)
    {
        Answer refused = await _app.SendAsync(Asha, HttpMethod.Post, "notifications/devices/push", new
        {
            endpoint = "https://push.example.net/abc", keys = new { p256dh = point, auth = secret },
        });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_subscription"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task PushKey_IsAPointOfTheCurve()
    {
        PushKeyView key = (await _app.GetAsync(Asha, "notifications/push-key")).Read<PushKeyView>();
        Assert.True(PushEncryption.IsPoint(System.Buffers.Text.Base64Url.DecodeFromChars(key.PublicKey)));
    }

    [Fact]
    public async Task Code_LinksTheChatThatItComesFrom_Once()
    {
        string code = await _app.LinkTelegramAsync(Asha, 1);
        JsonElement device = Assert.Single(await DevicesAsync(Asha));
        Assert.Equal("telegram", device.GetProperty("channel").GetString());
        Assert.DoesNotContain("chat", device.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await HearAsync($"/start {code}", 2)).Status);
        Assert.Single(await DevicesAsync(Asha));
    }

    [Fact]
    public async Task Code_ThatIsOver_OrFromAGroup_LinksNothing()
    {
        string late = await CodeAsync();
        _app.Clock.Jump(TimeSpan.FromMinutes(16));
        await HearAsync($"/start {late}", 1);
        await HearAsync($"/start {await CodeAsync()}", 1, "group");
        await HearAsync(await CodeAsync(), 1);
        Assert.Empty(await DevicesAsync(Asha));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Webhook_WithoutTheBotsSecret_IsRefused(string? secret)
    {
        Answer refused = await HearAsync($"/start {await CodeAsync()}", 1, secret: secret);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_signature"), (refused.Status, refused.Code));
        Assert.Empty(await DevicesAsync(Asha));
    }

    private async Task<string> CodeAsync() => (await _app.SendAsync(
        Asha, HttpMethod.Post, "notifications/devices/telegram")).Read<TelegramLink>().Code;

    private Task<Answer> HearAsync(string text, long chat, string type = "private", string? secret = "local") => _app.CallAsync(
        "notifications/telegram/webhook", new { message = new { text, chat = new { id = chat, type } } },
        headers =>
        {
            if (secret is not null)
            {
                headers.Add("X-Telegram-Bot-Api-Secret-Token", secret);
            }
        });

    private Task<Answer> AddAsync(string endpoint) => _app.SendAsync(
        Asha, HttpMethod.Post, "notifications/devices/push", PushEncryptionTests.Subscription(endpoint));

    private async Task<JsonElement[]> DevicesAsync(string user) =>
        [.. (await _app.GetAsync(user, "notifications/devices")).Body.GetProperty("data").EnumerateArray()];
}
