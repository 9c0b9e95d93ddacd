using FinVault.Platform.Resilience;
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

    /// <summary>Times by ESC-20, the breaker by ESC-23. Read once.</summary>
    public DependencySettings Limits => new()
    {
        ConnectSeconds = Number("ConnectSeconds", 3),
        TotalSeconds = Number("ConnectSeconds", 3) + Number("ReadSeconds", 10),
        BreakerFailures = (int)Number("BreakerFailures", 5),
        BreakerSeconds = Number("BreakSeconds", 30),
    };

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

    private double Number(string name, double otherwise) =>
        configuration.GetValue($"{Section}:{name}", otherwise);

    private string Required(string name) => configuration[$"{Section}:{name}"] is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"Set '{Section}__{name}'.");
}
