using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FinVault.Local.EventHubs.Amqp;

/// <summary>The one key of the embedded hub, and tokens that are signed with it.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Value">The key.</param>
internal sealed record SharedAccessKey(string Name, string Value)
{
    private const string Scheme = "SharedAccessSignature ";

    /// <summary>What Microsoft's emulator takes, too: one connection string serves both.</summary>
    public static SharedAccessKey WellKnown { get; } = new("RootManageSharedAccessKey", "SAS_KEY_VALUE");

    /// <summary>The setting that the clients' SDKs take. The port is left out where it is the one they assume.</summary>
    public string ConnectionString(string host, int port) =>
        $"Endpoint=sb://{host}{(port == AmqpEndpoint.DefaultPort ? "" : $":{port.ToString(CultureInfo.InvariantCulture)}")};"
        + $"SharedAccessKeyName={Name};SharedAccessKey={Value};UseDevelopmentEmulator=true;";

    public bool Is(string name, string value) => name == Name && CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(Value));

    /// <summary>The path that a token gives access to, and until when.</summary>
    /// <param name="token"><c>SharedAccessSignature sr=resource&amp;sig=…&amp;se=unix seconds&amp;skn=name</c>.</param>
    /// <param name="now">The time by which it must not have expired.</param>
    /// <exception cref="AmqpException">It is no such token, has expired, or was signed with another key.</exception>
    public (string Path, DateTimeOffset Expires) Read(string token, DateTimeOffset now)
    {
        if (!token.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused("The token is no shared access signature.");
        }

        Dictionary<string, string> parts = token[Scheme.Length..].Split('&')
            .Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .GroupBy(part => part[0]).ToDictionary(part => part.Key, part => part.First()[1]);
        if (!parts.TryGetValue("sr", out string? resource) || !parts.TryGetValue("sig", out string? signature)
            || !long.TryParse(parts.GetValueOrDefault("se"), CultureInfo.InvariantCulture, out long seconds))
        {
            throw Refused("The token lacks sr, sig or se.");
        }

        // What is signed is the resource as it was escaped, and the text of the time.
        byte[] expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Value), Encoding.UTF8.GetBytes($"{resource}\n{parts["se"]}"));
        if (parts.GetValueOrDefault("skn") != Name || !CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Convert.ToBase64String(expected)), Encoding.UTF8.GetBytes(Uri.UnescapeDataString(signature))))
        {
            throw Refused("The token was signed with another key.");
        }

        DateTimeOffset expires = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, 253402300799));
        return expires > now
            ? (HubAddress.PathOf(Uri.UnescapeDataString(resource)), expires)
            : throw Refused("The token has expired.");
    }

    private static AmqpException Refused(string why) => new(Conditions.Unauthorized, why);
}

/// <summary>What a client may do, by the tokens that it has shown.</summary>
internal sealed class AmqpClaims(TimeProvider time)
{
    private readonly Dictionary<string, DateTimeOffset> _expiry = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Access to a path and all below it; the empty path is everything.</summary>
    public void Add(string path, DateTimeOffset expires) => _expiry[path] = expires;

    /// <exception cref="AmqpException">No token that is still good covers the path.</exception>
    public void Require(string path)
    {
        if (!_expiry.Any(claim => claim.Value > time.GetUtcNow() && Covers(claim.Key, path)))
        {
            throw new AmqpException(Conditions.Unauthorized, $"No token for '{path}' was shown to $cbs.");
        }
    }

    private static bool Covers(string claim, string path) => claim.Length == 0
        || path.Equals(claim, StringComparison.OrdinalIgnoreCase)
        || path.StartsWith(claim + "/", StringComparison.OrdinalIgnoreCase);
}
