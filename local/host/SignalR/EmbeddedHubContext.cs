using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.SignalR.Management;

namespace FinVault.Local.SignalR;

/// <summary>The context by which the app manages groups and sends, over a hub's channel.</summary>
[SuppressMessage("Usage", "CA2215", Justification = "The declared base has nothing to dispose of and throws.")]
internal sealed class EmbeddedHubContext(EmbeddedSignalR signalR, string hub, HubChannel channel) : ServiceHubContext
{
    public override IHubClients Clients { get; } = new ChannelClients(channel);

    public override GroupManager Groups { get; } = new ChannelGroups(channel);

    public override ClientManager ClientManager { get; } = new ChannelClientManager(channel);

    public override ValueTask<NegotiationResponse> NegotiateAsync(
        NegotiationOptions? negotiationOptions = null, CancellationToken cancellationToken = default)
    {
        HttpRequest request = negotiationOptions?.HttpContext?.Request
            ?? throw new NotSupportedException("The local host finds its own address by the request: set HttpContext.");
        SignalRConnectionInfo connection = signalR.Negotiate(
            hub, negotiationOptions.UserId, new Uri($"{request.Scheme}://{request.Host}"), negotiationOptions.Claims);
        return new(new NegotiationResponse { Url = connection.Url, AccessToken = connection.AccessToken });
    }

    public override void Dispose()
    {
        // The channel is the host's and lives as long as it.
    }

    public override Task DisposeAsync() => Task.CompletedTask;

    private sealed class ChannelClientManager(HubChannel channel) : ClientManager
    {
        public override Task CloseConnectionAsync(
            string connectionId, string? reason = null, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            channel.Close(connectionId);
            return Task.CompletedTask;
        }
    }

    private sealed class ChannelGroups(HubChannel channel) : GroupManager
    {
        public override Task AddToGroupAsync(
            string connectionId, string groupName, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            channel.AddToGroup(connectionId, groupName);
            return Task.CompletedTask;
        }

        public override Task RemoveFromGroupAsync(
            string connectionId, string groupName, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            channel.RemoveFromGroup(connectionId, groupName);
            return Task.CompletedTask;
        }

        public override Task RemoveFromAllGroupsAsync(
            string connectionId, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            channel.RemoveFromAllGroups(connectionId);
            return Task.CompletedTask;
        }
    }

    private sealed class ChannelClients(HubChannel channel) : IHubClients
    {
        public IClientProxy All => To(() => [channel.All()]);

        public IClientProxy AllExcept(IReadOnlyList<string> excludedConnectionIds) =>
            To(() => [channel.All()], excludedConnectionIds);

        public IClientProxy Client(string connectionId) => To(() => [channel.Connection(connectionId)]);

        public IClientProxy Clients(IReadOnlyList<string> connectionIds) =>
            To(() => connectionIds.Select(channel.Connection));

        public IClientProxy Group(string groupName) => To(() => [channel.Group(groupName)]);

        public IClientProxy GroupExcept(string groupName, IReadOnlyList<string> excludedConnectionIds) =>
            To(() => [channel.Group(groupName)], excludedConnectionIds);

        public IClientProxy Groups(IReadOnlyList<string> groupNames) => To(() => groupNames.Select(channel.Group));

        public IClientProxy User(string userId) => To(() => [channel.User(userId)]);

        public IClientProxy Users(IReadOnlyList<string> userIds) => To(() => userIds.Select(channel.User));

        private ChannelProxy To(Func<IEnumerable<ClientConnection[]>> audiences, IReadOnlyList<string>? except = null) =>
            new(channel, audiences, except);
    }

    private sealed class ChannelProxy(
        HubChannel channel, Func<IEnumerable<ClientConnection[]>> audiences, IReadOnlyList<string>? except) : IClientProxy
    {
        public Task SendCoreAsync(string method, object?[] args, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            channel.Send(method, args, audiences(), except);
            return Task.CompletedTask;
        }
    }
}
