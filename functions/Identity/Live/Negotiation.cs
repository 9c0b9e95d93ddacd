using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Azure.SignalR.Management;

namespace FinVault.Identity;

/// <summary>
/// Binds a live connection to who asks for it: the user id and the session are in the token that the SignalR service takes,
/// signed, so no client can say that it is somebody. A token that is over makes a connection of nobody, which hears what
/// is for everybody.
/// </summary>
public sealed class Negotiation(Lazy<ServiceHubContext> hub, Callers callers)
{
    /// <summary>The claim that names the session.</summary>
    public const string SessionClaim = "sid";

    public async Task<NegotiationResponse> BeginAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        NegotiationOptions options = new() { HttpContext = request.HttpContext };
        // An API key is no person, and has no session whose end would end the connection.
        if (Callers.TokenOf(request) is { } token
            && await callers.FindAsync(token, cancellationToken) is { SessionId: { } session } user)
        {
            options.UserId = user.UserId;
            options.Claims = [new Claim(SessionClaim, session)];
        }

        return await hub.Value.NegotiateAsync(options, cancellationToken);
    }
}
