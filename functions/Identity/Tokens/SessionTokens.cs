namespace FinVault.Identity;

/// <summary>The two tokens of a session. Each kind has keys of its own, so that neither passes for the other.</summary>
public sealed class SessionTokens(IdentityOptions options, TimeProvider time)
{
    private readonly Lazy<(SignedTokens Access, SignedTokens Refresh)> _kinds = new(() => Open(options, time));

    public string WriteAccess(string user, string session, DateTimeOffset expires) =>
        _kinds.Value.Access.Write(new(user, session, expires));

    /// <param name="id">Another one at each rotation.</param>
    public string WriteRefresh(string user, string session, string id, DateTimeOffset expires) =>
        _kinds.Value.Refresh.Write(new(user, session, expires, id));

    /// <summary>Null for anything but a living access token of ours.</summary>
    public TokenContent? ReadAccess(string token) => _kinds.Value.Access.Read(token) is { Id: null } content ? content : null;

    /// <summary>Null for anything but a living refresh token of ours.</summary>
    public TokenContent? ReadRefresh(string token) =>
        _kinds.Value.Refresh.Read(token) is { Id: not null } content ? content : null;

    private static (SignedTokens Access, SignedTokens Refresh) Open(IdentityOptions options, TimeProvider time)
    {
        KeyRing access = KeyRing.Parse(Setting(nameof(options.AccessTokenKeys)), options.AccessTokenKeys);
        KeyRing refresh = KeyRing.Parse(Setting(nameof(options.RefreshTokenKeys)), options.RefreshTokenKeys);
        return access.All.Any(one => refresh.All.Any(other => one.Bytes.AsSpan().SequenceEqual(other.Bytes)))
            ? throw new InvalidOperationException("Access and refresh tokens must not share a key.")
            : (new(access, time), new(refresh, time));
    }

    private static string Setting(string name) => $"{IdentityOptions.Section}__{name}";
}
