using System.Buffers.Text;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Notifications;

/// <summary>Where users want to be reached beside the app and their address.</summary>
public sealed class Devices(DeviceStore store, TelegramOptions telegram, WebPushKey push, WebhookSending addresses)
{
    public const int MaxName = 60;

    private const int MaxEndpoint = 1000;
    private const int MaxKey = 100;
    private const string Start = "/start ";

    public async Task<Page<DeviceView>> ListAsync(string user, CancellationToken cancellationToken) => new(
        [.. (await store.ListAsync(user, cancellationToken)).OrderBy(one => one.At).Select(one => one.View())]);

    /// <exception cref="ProblemException">channel_not_configured.</exception>
    public string PushKey() =>
        push.Public ?? throw Problems.ChannelNotConfigured.With("Web push is not set up here.");

    /// <exception cref="ProblemException">invalid_subscription, too_many_devices, channel_not_configured.</exception>
    public Task<DeviceView> AddPushAsync(string user, PushRequest wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        PushKey();
        string name = (wanted.Name ?? "Browser").Trim();
        if (wanted.Endpoint.Length > MaxEndpoint || addresses.Refuses(wanted.Endpoint) is not null)
        {
            throw Problems.InvalidSubscription.With("The endpoint is not one that can be sent to.");
        }

        if (!PushEncryption.IsPoint(Bytes(wanted.Keys.P256dh)) || Bytes(wanted.Keys.Auth).Length != PushEncryption.SecretBytes)
        {
            throw Problems.InvalidSubscription.With("The keys are not those of a push subscription.");
        }

        return name.Length is 0 or > MaxName
            ? throw Problems.InvalidSubscription.With($"A name has 1 to {MaxName} characters.")
            : store.AddAsync(
                user, NoticeChannel.Push, name, new(wanted.Endpoint, wanted.Keys.P256dh, wanted.Keys.Auth), null,
                cancellationToken);
    }

    /// <exception cref="ProblemException">channel_not_configured.</exception>
    public async Task<TelegramLink> LinkTelegramAsync(string user, CancellationToken cancellationToken)
    {
        if (!telegram.IsSet)
        {
            throw Problems.ChannelNotConfigured.With("Telegram is not set up here.");
        }

        (string code, DateTimeOffset until) = await store.MakeCodeAsync(user, cancellationToken);
        return new(code, $"https://t.me/{telegram.BotName}?start={code}", until);
    }

    /// <exception cref="ProblemException">unknown_device.</exception>
    public async Task RemoveAsync(string user, string device, CancellationToken cancellationToken)
    {
        if (!Ids.IsValid(device, DeviceDocument.Prefix) || !await store.RemoveAsync(user, device, cancellationToken))
        {
            throw Problems.UnknownDevice.With("You have no such device.");
        }
    }

    /// <summary>Takes what the bot was told: a code links the chat that it comes from. All else is left alone.</summary>
    /// <param name="secret">What came as <c>X-Telegram-Bot-Api-Secret-Token</c>.</param>
    /// <param name="update">An <c>Update</c> of the Bot API.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">invalid_signature, channel_not_configured, too_many_devices.</exception>
    public async Task HearAsync(string? secret, TelegramUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        string expected = telegram.IsSet
            ? telegram.WebhookSecret!
            : throw Problems.ChannelNotConfigured.With("Telegram is not set up here.");
        if (!Guard.Same(Guard.Hash(secret ?? ""), Guard.Hash(expected)))
        {
            throw Problems.InvalidSignature.With("The secret is not the bot's.");
        }

        // In a group everybody would read along.
        if (update is { Message: { Chat: { Type: "private" } chat, Text: { Length: <= MaxKey } said } }
            && said.StartsWith(Start, StringComparison.Ordinal)
            && await store.TakeCodeAsync(said[Start.Length..].Trim(), cancellationToken) is { } user)
        {
            await store.AddAsync(user, NoticeChannel.Telegram, "Telegram", null, chat.Id, cancellationToken);
        }
    }

    private static byte[] Bytes(string text)
    {
        string plain = text.TrimEnd('=');
        return plain.Length <= MaxKey && Base64Url.IsValid(plain) ? Base64Url.DecodeFromChars(plain) : [];
    }
}
