using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.SignalR;

/// <summary>One hub's connections, users and groups. Sending never waits for a client.</summary>
internal sealed partial class HubChannel(JsonSerializerOptions json, TimeProvider time)
{
    private readonly Lock _membership = new();
    private readonly ConcurrentDictionary<string, ClientConnection> _connections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ClientSet> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ClientSet> _groups = new(StringComparer.Ordinal);
    private readonly ClientSet _all = new();

    public void Connect(ClientConnection client)
    {
        lock (_membership)
        {
            _connections[client.Id] = client;
            _all.Add(client);
            if (client.UserId is { } user)
            {
                Join(_users, user, client);
                JoinGroupsOf(user, client);
            }
        }
    }

    public void Disconnect(ClientConnection client)
    {
        lock (_membership)
        {
            _connections.TryRemove(client.Id, out _);
            _all.Remove(client);
            if (client.UserId is { } user)
            {
                Leave(_users, user, client);
            }

            foreach (string group in client.Groups)
            {
                Leave(_groups, group, client);
            }

            client.Groups.Clear();
        }

        client.Queue.Close();
    }

    /// <summary>Ends a connection; its client may come back with another token.</summary>
    public void Close(string connectionId)
    {
        if (_connections.TryGetValue(connectionId, out ClientConnection? client))
        {
            client.Abort();
        }
    }

    /// <summary>Nothing happens when the connection is gone, as in Azure: it is gone from its groups too.</summary>
    public void AddToGroup(string connectionId, string group)
    {
        lock (_membership)
        {
            if (_connections.TryGetValue(connectionId, out ClientConnection? client) && client.Groups.Add(group))
            {
                Join(_groups, group, client);
            }
        }
    }

    public void RemoveFromGroup(string connectionId, string group)
    {
        lock (_membership)
        {
            if (_connections.TryGetValue(connectionId, out ClientConnection? client) && client.Groups.Remove(group))
            {
                Leave(_groups, group, client);
            }
        }
    }

    public void RemoveFromAllGroups(string connectionId)
    {
        lock (_membership)
        {
            if (_connections.TryGetValue(connectionId, out ClientConnection? client))
            {
                foreach (string group in client.Groups)
                {
                    Leave(_groups, group, client);
                }

                client.Groups.Clear();
            }
        }
    }

    /// <summary>
    /// Sends messages to whom each names: its connection, else its user, else its group, else everybody. All are queued
    /// before any client is written to, so that what one call brings a client reaches it in one piece.
    /// </summary>
    public void Send(IReadOnlyList<SignalRMessageAction> actions)
    {
        List<OutboundQueue> toPump = [];
        for (int i = 0; i < actions.Count; i++)
        {
            SignalRMessageAction action = actions[i];
            ReadOnlySpan<ClientConnection> audience = AudienceOf(action);
            if (audience.Length > 0)
            {
                Add(HubMessageWriter.Invocation(action.Target, action.Arguments, json), audience, null, toPump);
            }
        }

        Pump(toPump);
    }

    /// <summary>Sends one message to several audiences, leaving some connections out.</summary>
    public void Send(
        string target, IReadOnlyList<object?>? arguments, IEnumerable<ClientConnection[]> audiences,
        IReadOnlyList<string>? except = null)
    {
        byte[] message = HubMessageWriter.Invocation(target, arguments, json);
        List<OutboundQueue> toPump = [];
        foreach (ClientConnection[] audience in audiences)
        {
            Add(message, audience, except, toPump);
        }

        Pump(toPump);
    }

    public ClientConnection[] All() => Members(_all);

    public ClientConnection[] Connection(string connectionId) =>
        _connections.TryGetValue(connectionId, out ClientConnection? client) ? [client] : [];

    public ClientConnection[] User(string userId) => _users.TryGetValue(userId, out ClientSet? set) ? Members(set) : [];

    public ClientConnection[] Group(string group) => _groups.TryGetValue(group, out ClientSet? set) ? Members(set) : [];

    private static void Add(
        byte[] message, ReadOnlySpan<ClientConnection> audience, IReadOnlyList<string>? except, List<OutboundQueue> toPump)
    {
        foreach (ClientConnection client in audience)
        {
            if ((except is null || !except.Contains(client.Id)) && client.Queue.Add(message))
            {
                toPump.Add(client.Queue);
            }
        }
    }

    private static void Pump(List<OutboundQueue> queues)
    {
        foreach (OutboundQueue queue in queues)
        {
            queue.Scheduler.Schedule(queue);
        }
    }

    private static void Join(ConcurrentDictionary<string, ClientSet> sets, string name, ClientConnection client) =>
        sets.GetOrAdd(name, static _ => new ClientSet()).Add(client);

    private static void Leave(ConcurrentDictionary<string, ClientSet> sets, string name, ClientConnection client)
    {
        if (sets.TryGetValue(name, out ClientSet? set) && set.Remove(client) == 0)
        {
            sets.TryRemove(name, out _);
        }
    }

    private ClientConnection[] AudienceOf(SignalRMessageAction action) => action switch
    {
        { ConnectionId: { Length: > 0 } id } => Connection(id),
        { UserId: { Length: > 0 } user } => User(user),
        { GroupName: { Length: > 0 } group } => Group(group),
        _ => All(),
    };

    private ClientConnection[] Members(ClientSet set)
    {
        if (set.Snapshot is { } snapshot)
        {
            return snapshot;
        }

        lock (_membership)
        {
            return set.TakeSnapshot();
        }
    }
}
