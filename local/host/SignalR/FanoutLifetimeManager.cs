using Microsoft.AspNetCore.SignalR;

namespace FinVault.Local.SignalR;

/// <summary>
/// Keeps the framework's connections in the channels of their hubs. Everything is sent through
/// <see cref="HubChannel"/>, from functions; the hub itself has nothing to send.
/// </summary>
internal sealed class FanoutLifetimeManager : HubLifetimeManager<ServerlessHub>
{
    private static readonly object ClientItem = new();

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        var handler = (ClientRegistration)connection.Items[ClientConnectionHandler.RegistrationItem]!;
        var client = new ClientConnection(
            connection.ConnectionId, connection.UserIdentifier, handler.Channel, handler.Queue, connection.Abort);
        connection.Items[ClientItem] = client;
        handler.Channel.Connect(client);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Items.TryGetValue(ClientItem, out object? item) && item is ClientConnection client)
        {
            client.Channel.Disconnect(client);
        }

        return Task.CompletedTask;
    }

    public override Task AddToGroupAsync(
        string connectionId, string groupName, CancellationToken cancellationToken = default) => throw NotThisWay();

    public override Task RemoveFromGroupAsync(
        string connectionId, string groupName, CancellationToken cancellationToken = default) => throw NotThisWay();

    public override Task SendAllAsync(
        string methodName, object?[] args, CancellationToken cancellationToken = default) => throw NotThisWay();

    public override Task SendAllExceptAsync(
        string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default) => throw NotThisWay();

    public override Task SendConnectionAsync(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        throw NotThisWay();

    public override Task SendConnectionsAsync(
        IReadOnlyList<string> connectionIds, string methodName, object?[] args,
        CancellationToken cancellationToken = default) => throw NotThisWay();

    public override Task SendGroupAsync(
        string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        throw NotThisWay();

    public override Task SendGroupExceptAsync(
        string groupName, string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default) => throw NotThisWay();

    public override Task SendGroupsAsync(
        IReadOnlyList<string> groupNames, string methodName, object?[] args,
        CancellationToken cancellationToken = default) => throw NotThisWay();

    public override Task SendUserAsync(
        string userId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        throw NotThisWay();

    public override Task SendUsersAsync(
        IReadOnlyList<string> userIds, string methodName, object?[] args,
        CancellationToken cancellationToken = default) => throw NotThisWay();

    private static NotSupportedException NotThisWay() =>
        new("A serverless hub sends through ServiceHubContext or SignalROutput, which name the hub.");
}
