namespace FinVault.Local.SignalR;

/// <summary>The groups of users, who are in them with every connection that they have or will have.</summary>
internal sealed partial class HubChannel
{
    // Until when; guarded by the lock of membership.
    private readonly Dictionary<string, Dictionary<string, DateTimeOffset>> _userGroups = new(StringComparer.Ordinal);

    /// <param name="user">Need not be connected.</param>
    /// <param name="group">The group's name.</param>
    /// <param name="lifetime">After that, connections to come are not in the group; null is for good.</param>
    public void AddUserToGroup(string user, string group, TimeSpan? lifetime)
    {
        lock (_membership)
        {
            if (!_userGroups.TryGetValue(user, out Dictionary<string, DateTimeOffset>? groups))
            {
                _userGroups[user] = groups = new(StringComparer.Ordinal);
            }

            groups[group] = lifetime is { } span ? time.GetUtcNow() + span : DateTimeOffset.MaxValue;
            foreach (ClientConnection client in User(user))
            {
                AddToGroup(client.Id, group);
            }
        }
    }

    public void RemoveUserFromGroup(string user, string group)
    {
        lock (_membership)
        {
            if (_userGroups.TryGetValue(user, out Dictionary<string, DateTimeOffset>? groups)
                && groups.Remove(group) && groups.Count == 0)
            {
                _userGroups.Remove(user);
            }

            foreach (ClientConnection client in User(user))
            {
                RemoveFromGroup(client.Id, group);
            }
        }
    }

    public void RemoveUserFromAllGroups(string user)
    {
        lock (_membership)
        {
            _userGroups.Remove(user);
            foreach (ClientConnection client in User(user))
            {
                RemoveFromAllGroups(client.Id);
            }
        }
    }

    public bool IsUserInGroup(string user, string group)
    {
        lock (_membership)
        {
            return GroupsOf(user).Contains(group);
        }
    }

    private void JoinGroupsOf(string user, ClientConnection client)
    {
        foreach (string group in GroupsOf(user))
        {
            client.Groups.Add(group);
            Join(_groups, group, client);
        }
    }

    private IEnumerable<string> GroupsOf(string user) =>
        _userGroups.TryGetValue(user, out Dictionary<string, DateTimeOffset>? groups)
            ? groups.Where(group => group.Value > time.GetUtcNow()).Select(group => group.Key)
            : [];
}
