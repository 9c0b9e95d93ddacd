using Microsoft.Extensions.Configuration;

namespace FinVault.Notifications;

/// <summary>The settings <c>Telegram__…</c>. Without a token there is no such channel.</summary>
public sealed class TelegramOptions(IConfiguration configuration)
{
    public const string Section = "Telegram";

    /// <summary>Every setting that Azure must have; token and secret are references to a vault.</summary>
    public static IReadOnlyList<string> Settings { get; } = [nameof(BotToken), nameof(BotName), nameof(WebhookSecret)];

    /// <summary>Of the bot, as BotFather gives it.</summary>
    public string? BotToken => Read(nameof(BotToken));

    /// <summary>The bot's user name.</summary>
    public string? BotName => Read(nameof(BotName));

    /// <summary>What the bot's webhook was registered with (<c>secret_token</c>).</summary>
    public string? WebhookSecret => Read(nameof(WebhookSecret));

    /// <summary>Where the Bot API is.</summary>
    public string ApiUrl => Read(nameof(ApiUrl)) ?? "https://api.telegram.org";

    public bool IsSet => BotToken is not null && BotName is not null && WebhookSecret is not null;

    private string? Read(string name) => configuration[$"{Section}:{name}"] is { Length: > 0 } value ? value : null;
}
