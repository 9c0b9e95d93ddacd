using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace FinVault.Platform.RateLimits;

/// <summary>
/// The address that a request comes from. Behind proxies of ours (the setting <c>RateLimits__trustedHops</c> says how
/// many, none by default) it is the one that the first of them wrote into <c>X-Forwarded-For</c>: each proxy appends who
/// called it, so we count from the right. What stands further left, any caller can make up.
/// </summary>
public sealed class ClientAddress(IConfiguration configuration)
{
    private const string Header = "X-Forwarded-For";
    private const int ShownPrefixBytes = 8;

    private readonly int _hops = int.Parse(configuration["RateLimits:trustedHops"] ?? "0", CultureInfo.InvariantCulture);

    /// <summary>An address to count by: IPv4 whole, IPv6 its /64, since a household has all of one. "unknown" for none.</summary>
    public string Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        IPAddress? address = _hops == 0 ? http.Connection.RemoteIpAddress : Forwarded(http.Request.Headers[Header].ToString());
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        return address switch
        {
            null => "unknown",
            { AddressFamily: AddressFamily.InterNetworkV6 } =>
                Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, ShownPrefixBytes)),
            _ => address.ToString(),
        };
    }

    private IPAddress? Forwarded(string header)
    {
        string[] hops = header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? hop = hops.Length >= _hops ? hops[^_hops] : null;
        // Azure's front end writes the port too: 203.0.113.7:51234, [2001:db8::1]:51234.
        return hop is null ? null
            : IPAddress.TryParse(hop, out IPAddress? address) ? address
            : IPEndPoint.TryParse(hop, out IPEndPoint? end) ? end.Address
            : null;
    }
}
