using System.Net;
using System.Net.Sockets;

namespace FinVault.Escrow;

/// <summary>
/// Which addresses a webhook may be sent to: those that everybody can reach (the IANA special-purpose registries), so
/// that a tenant's URL never makes FinVault ask its own network, its host or the cloud's metadata.
/// </summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. Networks(
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
            + "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"),
        // Azure's own, for every machine in it.
        .. Networks("168.63.129.16/32"),
        // 6to4, Teredo and NAT64 lead to IPv4 addresses that could be any of the above.
        .. Networks("::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 "
            + "5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"),
    ];

    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        IPAddress real = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return real.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            && !Special.Any(network => network.Contains(real));
    }

    /// <summary>Connects to a public address of a host; for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <param name="context">Which host.</param>
    /// <param name="loopback">Whether this machine may be reached, too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">It has none.</exception>
    internal static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, bool loopback, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        IPAddress[] allowed =
            [.. addresses.Where(address => IsPublic(address) || (loopback && IPAddress.IsLoopback(address)))];
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "None of its addresses is a public one.");
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // To what was checked, not to the name, which may lead elsewhere when it is asked again.
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IEnumerable<IPNetwork> Networks(string list) => list.Split(' ').Select(text => IPNetwork.Parse(text));
}
