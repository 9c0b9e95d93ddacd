using System.Text.Json;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;

namespace FinVault.Giveaways;

/// <summary>Names of rooms, and of what a client calls on the hub.</summary>
public static class RoomNames
{
    public const string Join = "JoinGiveaway";

    /// <summary>Leaves the room, not the giveaway.</summary>
    public const string Leave = "LeaveGiveaway";

    public static string Group(string giveaway) => $"event:{giveaway}";
}

/// <summary>Who is in the room of a giveaway. A client that joins also gets how it stands (RT-12).</summary>
public sealed class Rooms(ServiceHubContext hub, PublicGiveaways giveaways)
{
    /// <exception cref="ProblemException">unknown_giveaway.</exception>
    public async Task<PublicGiveaway> JoinAsync(
        string connectionId, string giveaway, CancellationToken cancellationToken)
    {
        // Joined before it is read, so that what happens in between is heard.
        await giveaways.ReadAsync(giveaway, cancellationToken);
        await hub.Groups.AddToGroupAsync(connectionId, RoomNames.Group(giveaway), cancellationToken);
        return await giveaways.ReadAsync(giveaway, cancellationToken);
    }

    public async Task LeaveAsync(string connectionId, string giveaway, CancellationToken cancellationToken)
    {
        if (Ids.IsValid(giveaway, Giveaway.Prefix))
        {
            await hub.Groups.RemoveFromGroupAsync(connectionId, RoomNames.Group(giveaway), cancellationToken);
        }
    }
}

/// <summary>
/// Sends what happened to a giveaway's room. A message comes with its id, since it may be sent twice where this dies
/// between the sending and the outbox's note of it; a client shows an id once.
/// </summary>
public sealed class RoomMessages(ServiceHubContext hub) : IOutboxHandler
{
    public bool Takes(string kind) =>
        kind is GiveawayMessages.WinnerKind or GiveawayMessages.EndedKind or GiveawayMessages.ChangedKind;

    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        RoomMessage sent = new(message.Id, message.Giveaway!, message.At, message.Payload);
        return hub.Clients.Group(RoomNames.Group(message.Giveaway!)).SendAsync(message.Kind, sent, cancellationToken);
    }
}

/// <summary>Has the lifecycle look at a giveaway whose last prize is won, should nobody else have told it.</summary>
public sealed class SoldOutWatch(AttemptStore attempts, GiveawayStore giveaways) : IOutboxHandler
{
    public bool Takes(string kind) => kind == GiveawayMessages.WinnerKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (await attempts.FindGateAsync(message.Giveaway!, cancellationToken) is { Remaining: 0, Open: true })
        {
            await giveaways.NudgeAsync(message.Giveaway!, cancellationToken);
        }
    }
}

/// <summary>What a room gets.</summary>
/// <param name="Id">The message's: the same for the same happening.</param>
/// <param name="Giveaway">The giveaway.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">What happened, by the kind of message.</param>
public sealed record RoomMessage(string Id, string Giveaway, DateTimeOffset At, JsonElement Data);
