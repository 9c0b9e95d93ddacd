using System.Security.Cryptography;
using System.Text;

namespace FinVault.Local.Cosmos;

/// <summary>
/// The signature every Cosmos DB client puts on a request: HMAC-SHA256 over verb, resource type, resource link and
/// date. Source: "Access control on Azure Cosmos DB resources" in the REST reference. The key is the one that
/// Microsoft's own emulator publishes; it protects nothing, but a client that signs wrongly finds out here.
/// </summary>
public static class MasterKey
{
    /// <summary>The emulator's well-known key.</summary>
    public const string WellKnown =
        "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    private static readonly byte[] Key = Convert.FromBase64String(WellKnown);

    internal static bool Verify(CosmosRequest request)
    {
        if (request.Headers.Authorization is not { } header || request.Headers.Date is not { } date)
        {
            return false;
        }
        string token = Uri.UnescapeDataString(header);
        const string prefix = "type=master&ver=1.0&sig=";
        if (!token.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }
        Span<byte> given = stackalloc byte[64];
        if (!Convert.TryFromBase64String(token[prefix.Length..], given, out int length))
        {
            return false;
        }
        (string type, string link) = Resource(request.Path);
        return Matches(given[..length], request.Method, type, link, date)
            || ByResourceId(request.Path) is { } rid && Matches(given[..length], request.Method, type, rid, date);
    }

    private static bool Matches(ReadOnlySpan<byte> given, string method, string type, string link, string date)
    {
        byte[] expected = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(Payload(method, type, link, date)));
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

#pragma warning disable CA1308 // The protocol signs lower-case text.
    /// <summary>A resource addressed by resource ids is signed by the innermost of them alone, in lower case.</summary>
    private static string? ByResourceId(string[] path) => path.Length switch
    {
        0 => null,
        _ when path.Length % 2 == 1 && path.Length > 1 => path[^2].ToLowerInvariant(),
        _ => path[^1].ToLowerInvariant(),
    };

    private static string Payload(string method, string type, string link, string date) =>
        $"{method.ToLowerInvariant()}\n{type}\n{link}\n{date.ToLowerInvariant()}\n\n";
#pragma warning restore CA1308

    /// <summary>An odd number of segments names a feed, signed by its owner's link; an even one names a resource.</summary>
    private static (string Type, string Link) Resource(string[] path)
    {
        if (path.Length == 0)
        {
            return ("", "");
        }
        return path.Length % 2 == 1
            ? (path[^1], string.Join('/', path[..^1]))
            : (path[^2], string.Join('/', path));
    }
}
