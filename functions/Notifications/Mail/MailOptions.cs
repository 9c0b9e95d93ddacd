using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace FinVault.Notifications;

/// <summary>The settings <c>Mail__…</c>. The local host writes files and asks for none of them.</summary>
public sealed class MailOptions(IConfiguration configuration)
{
    public const string Section = "Mail";

    /// <summary>Every setting there is.</summary>
    public static IReadOnlyList<string> Settings { get; } = ["Host", "Port", "User", "Password", "From"];

    public string Host => Required("Host");

    /// <summary>Whether the server is on this machine: a developer's, or one that takes mail further.</summary>
    public bool IsHere => Host == "localhost" || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    public int Port => int.Parse(configuration[$"{Section}:Port"] ?? "587", CultureInfo.InvariantCulture);

    /// <summary>Null where the server asks for nobody.</summary>
    public string? User => configuration[$"{Section}:User"] is { Length: > 0 } user ? user : null;

    public string? Password => configuration[$"{Section}:Password"];

    public string From => Required("From");

    private string Required(string name) => configuration[$"{Section}:{name}"] is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"Set '{Section}__{name}'.");
}
