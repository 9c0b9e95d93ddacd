using FinVault.Market.Live;
using FinVault.Platform;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Giveaways;

/// <summary>
/// Rooms on the live connection: whoever is in one hears of winners, changes and the end (RT-11, GIV-17).
/// </summary>
public sealed class RoomFunctions(Rooms rooms)
{
    /// <summary>
    /// Joins the room of a giveaway. Membership ends with the connection; a client joins again when it is back.
    /// </summary>
    [Function(nameof(JoinRoom))]
    public Task<PublicGiveaway> JoinRoom(
        [SignalRTrigger(
            Realtime.Hub, "messages", RoomNames.Join, "giveaway", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation,
        string giveaway,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return rooms.JoinAsync(invocation.ConnectionId, giveaway, cancellationToken);
    }

    /// <summary>Leaves the room.</summary>
    [Function(nameof(LeaveRoom))]
    public Task LeaveRoom(
        [SignalRTrigger(
            Realtime.Hub, "messages", RoomNames.Leave, "giveaway", ConnectionStringSetting = AzureClients.SignalR)]
        SignalRInvocationContext invocation,
        string giveaway,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        return rooms.LeaveAsync(invocation.ConnectionId, giveaway, cancellationToken);
    }
}
