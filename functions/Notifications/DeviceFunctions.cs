using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Notifications;

/// <summary>What a browser subscribes with.</summary>
/// <param name="PublicKey">An uncompressed point of P-256, base64url.</param>
public sealed record PushKeyView(string PublicKey);

/// <summary>The caller's browsers and chats, and what the Telegram bot is told.</summary>
public sealed class DeviceFunctions(Devices devices)
{
    private const int MaxBodyBytes = 8 * 1024;
    private const int MaxUpdateBytes = 64 * 1024;
    private const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    [Function(nameof(ListDevices))]
    [Access]
    [Api("Your devices", Description = "Browsers that take web push, and Telegram chats: ten at most.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<DeviceView>), "All of them, oldest first.")]
    public async Task<IActionResult> ListDevices(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "notifications/devices")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            await devices.ListAsync(CurrentUser.Of(context).UserId, context.CancellationToken));

    [Function(nameof(GetPushKey))]
    [Access]
    [Api("The key that browsers subscribe with", Description = "For applicationServerKey of the Push API.")]
    [Answers(StatusCodes.Status200OK, typeof(PushKeyView), "The key.")]
    [Fails(nameof(Problems.ChannelNotConfigured))]
    public IActionResult GetPushKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "notifications/push-key")] HttpRequest request) =>
        new JsonAnswer(new PushKeyView(devices.PushKey()));

    [Function(nameof(AddPushDevice))]
    [Access]
    [Api("Add a browser", Description = "Send what PushSubscription.toJSON() gives. The same endpoint is the same device.")]
    [Body(typeof(PushRequest))]
    [Answers(StatusCodes.Status201Created, typeof(DeviceView), "The device.")]
    [Fails(nameof(Problems.InvalidSubscription), nameof(Problems.TooManyDevices), nameof(Problems.ChannelNotConfigured))]
    public async Task<IActionResult> AddPushDevice(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/devices/push")] HttpRequest request,
        FunctionContext context)
    {
        PushRequest wanted = await request.ReadJsonAsync<PushRequest>(MaxBodyBytes, context.CancellationToken);
        DeviceView device = await devices.AddPushAsync(CurrentUser.Of(context).UserId, wanted, context.CancellationToken);
        return new JsonAnswer(device, StatusCodes.Status201Created);
    }

    [Function(nameof(LinkTelegram))]
    [Access]
    [Api("Link a Telegram chat", Description = "Open the link within 15 minutes, and start the bot.")]
    [Answers(StatusCodes.Status201Created, typeof(TelegramLink), "A code that is good once.")]
    [Fails(nameof(Problems.ChannelNotConfigured))]
    public async Task<IActionResult> LinkTelegram(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/devices/telegram")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            await devices.LinkTelegramAsync(CurrentUser.Of(context).UserId, context.CancellationToken),
            StatusCodes.Status201Created);

    [Function(nameof(RemoveDevice))]
    [Access]
    [Api("Remove a device")]
    [Parameter("device", typeof(string), "Its id.")]
    [Answers(StatusCodes.Status204NoContent, null, "It is told nothing more.")]
    [Fails(nameof(Problems.UnknownDevice))]
    public async Task<IActionResult> RemoveDevice(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "notifications/devices/{device}")] HttpRequest request,
        string device, FunctionContext context)
    {
        await devices.RemoveAsync(CurrentUser.Of(context).UserId, device, context.CancellationToken);
        return new NoContentResult();
    }

    /// <summary>Set with <c>setWebhook</c>, with its <c>secret_token</c> and <c>allowed_updates: ["message"]</c>.</summary>
    [Function(nameof(HearTelegram))]
    [Public("Telegram calls it, with a secret that only it has.")]
    [Api("What the Telegram bot is told", Description = "For Telegram: an Update of the Bot API.")]
    [Body(typeof(TelegramUpdate))]
    [Answers(StatusCodes.Status200OK, null, "It was heard; whether it meant something is not said.")]
    [Fails(nameof(Problems.InvalidSignature), nameof(Problems.ChannelNotConfigured))]
    public async Task<IActionResult> HearTelegram(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/telegram/webhook")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        TelegramUpdate update = await request.ReadJsonAsync<TelegramUpdate>(MaxUpdateBytes, cancellationToken);
        await devices.HearAsync(request.Headers[SecretHeader], update, cancellationToken);
        return new OkResult();
    }
}
