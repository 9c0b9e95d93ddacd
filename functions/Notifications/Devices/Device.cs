using System.ComponentModel;
using FinVault.Audit;

namespace FinVault.Notifications;

/// <summary>Where a user is reached beside the app and the account's address.</summary>
/// <param name="Id"><c>DEVICE_&lt;ULID&gt;</c>.</param>
/// <param name="Channel">Push or telegram.</param>
/// <param name="Name">For its user, to know it again.</param>
/// <param name="At">Since when.</param>
public sealed record DeviceView(string Id, NoticeChannel Channel, string Name, DateTimeOffset At);

/// <summary>A browser's subscription (W3C Push API, <c>PushSubscription.toJSON()</c>).</summary>
public sealed record PushRequest(
    [property: Description("Where the browser's push service takes messages; https.")] string Endpoint,
    PushKeys Keys,
    [property: Description("For you, to know it again.")] string? Name = null);

/// <summary>What messages to a browser are encrypted with; base64url.</summary>
/// <param name="P256dh">Its public key: a point of P-256, uncompressed, 65 bytes.</param>
/// <param name="Auth">16 bytes.</param>
public sealed record PushKeys(string P256dh, string Auth);

/// <summary>Links a Telegram chat: open the link, and say "start" to the bot.</summary>
/// <param name="Code">Good once.</param>
/// <param name="Link">Opens the bot with the code.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record TelegramLink(string Code, string Link, DateTimeOffset ExpiresAt);

/// <summary>As much of the Bot API's <c>Update</c> as is heard.</summary>
/// <param name="Message">Null for whatever else happens in Telegram.</param>
public sealed record TelegramUpdate(TelegramMessage? Message = null);

/// <summary>Of the Bot API.</summary>
public sealed record TelegramMessage(TelegramChat Chat, string? Text = null);

/// <summary>Of the Bot API.</summary>
public sealed record TelegramChat(long Id, string Type);

/// <summary>A device as it is kept.</summary>
/// <param name="Push">Of a browser.</param>
/// <param name="Chat">Of a Telegram chat.</param>
[NotAudited("It is one of the user's own ways to hear of things, and gives no access.")]
internal sealed record DeviceDocument(
    string Id, string User, NoticeChannel Channel, string Name, DateTimeOffset At, PushSubscription? Push, long? Chat)
{
    public const string Prefix = "DEVICE";

    public string Type { get; init; } = "device";

    public DeviceView View() => new(Id, Channel, Name, At);
}

/// <summary>A browser's subscription as it is kept.</summary>
internal sealed record PushSubscription(string Endpoint, string P256dh, string Auth);
