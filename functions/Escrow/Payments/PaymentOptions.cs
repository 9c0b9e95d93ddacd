using Microsoft.Extensions.Configuration;

namespace FinVault.Escrow;

/// <summary>
/// The settings <c>PaymentProvider__…</c>. Read when they are used, so that a secret that is rotated counts at once.
/// </summary>
public sealed class PaymentOptions(IConfiguration configuration)
{
    public const string Section = "PaymentProvider";

    // What a setting says while the vault cannot be read: everybody knows it.
    private const string Unresolved = "@Microsoft.KeyVault(";

    private static readonly string[] Secrets = ["WebhookSecret", "PreviousWebhookSecret"];

    /// <summary>The settings that have no default.</summary>
    public static IReadOnlyList<string> Settings { get; } =
        [nameof(BaseUrl), nameof(Key), .. Secrets];

    /// <summary>ESC-20.</summary>
    public TimeSpan Connect => Seconds("ConnectSeconds", 3);

    /// <summary>ESC-20.</summary>
    public TimeSpan Read => Seconds("ReadSeconds", 10);

    /// <summary>Failures in a row that open the breaker (ESC-23).</summary>
    public int BreakerFailures => configuration.GetValue($"{Section}:BreakerFailures", 5);

    /// <summary>How long it stays open before one probe (ESC-23).</summary>
    public TimeSpan Break => Seconds("BreakSeconds", 30);

    /// <summary>Where the provider's API stands; ends in <c>/</c>.</summary>
    public Uri BaseUrl => new(Required(nameof(BaseUrl)).TrimEnd('/') + "/", UriKind.Absolute);

    /// <summary>Our key at the provider.</summary>
    public string Key => Required(nameof(Key));

    /// <summary>
    /// What the provider signs its events with. Two are live while a secret is rotated: set the new one, and the old
    /// one as <c>PreviousWebhookSecret</c>, until the provider has changed over. Without any no event is taken.
    /// </summary>
    public IReadOnlyList<string> WebhookSecrets => [.. Secrets
        .Select(name => configuration[$"{Section}:{name}"])
        .OfType<string>()
        .Where(secret => secret.Length > 0 && !secret.StartsWith(Unresolved, StringComparison.Ordinal))];

    private TimeSpan Seconds(string name, double otherwise) =>
        TimeSpan.FromSeconds(configuration.GetValue($"{Section}:{name}", otherwise));

    private string Required(string name) => configuration[$"{Section}:{name}"] is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"Set '{Section}__{name}'.");
}
