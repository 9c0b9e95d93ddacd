using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;

namespace FinVault.Identity;

internal static class ClientTraces
{
    /// <summary>What a request says of the client.</summary>
    public static ClientTrace Trace(this ClientAddress addresses, HttpRequest request) => new(
        request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null, addresses.Of(request.HttpContext));
}
