namespace FinVault.Local.SignalR;

/// <summary>A group's members, with a snapshot that senders walk; membership changes much less often than it is used.</summary>
internal sealed class ClientSet
{
    private readonly HashSet<ClientConnection> _members = [];
    private volatile ClientConnection[]? _snapshot;

    public ClientConnection[]? Snapshot => _snapshot;

    public ClientConnection[] TakeSnapshot() => _snapshot ??= [.. _members];

    public void Add(ClientConnection client)
    {
        _members.Add(client);
        _snapshot = null;
    }

    /// <summary>Says how many members are left.</summary>
    public int Remove(ClientConnection client)
    {
        _members.Remove(client);
        _snapshot = null;
        return _members.Count;
    }
}

/// <summary>A connected client. Its groups change under the channel's lock only.</summary>
/// <param name="abort">Ends the connection.</param>
internal sealed class ClientConnection(
    string id, string? userId, HubChannel channel, OutboundQueue queue, Action abort)
{
    public Action Abort => abort;

    public string Id => id;

    public string? UserId => userId;

    public HubChannel Channel => channel;

    public OutboundQueue Queue => queue;

    public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);
}
