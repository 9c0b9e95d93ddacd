using FinVault.Market.Live;
using FinVault.Platform;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Primitives;

namespace FinVault.Identity;

/// <summary>Live connections of who has signed in: noted, so that they end with their session, and let into groups.</summary>
public sealed class LiveFunctions(LiveConnections live)
{
    [Function(nameof(LiveConnected))]
    public Task LiveConnected(
        [SignalRTrigger(Realtime.Hub, "connections", "connected", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return invocation.UserId is { Length: > 0 } user && SessionOf(invocation) is { } session
            ? live.OpenedAsync(invocation.ConnectionId, user, session, cancellationToken)
            : Task.CompletedTask;
    }

    [Function(nameof(LiveDisconnected))]
    public Task LiveDisconnected(
        [SignalRTrigger(Realtime.Hub, "connections", "disconnected", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return invocation.UserId is { Length: > 0 } user
            ? live.ClosedAsync(invocation.ConnectionId, user, cancellationToken)
            : Task.CompletedTask;
    }

    /// <summary>Joins the group of a tenant; false for whoever is not of it. What is for one user needs no joining.</summary>
    [Function(nameof(JoinTenant))]
    public Task<bool> JoinTenant(
        [SignalRTrigger(Realtime.Hub, "messages", nameof(JoinTenant), "tenant", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation,
        string tenant,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return live.JoinTenantAsync(
            invocation.ConnectionId, invocation.UserId, SessionOf(invocation), tenant, cancellationToken);
    }

    private static string? SessionOf(SignalRInvocationContext invocation) =>
        invocation.Claims.TryGetValue(Negotiation.SessionClaim, out StringValues session) ? session.ToString() : null;
}
