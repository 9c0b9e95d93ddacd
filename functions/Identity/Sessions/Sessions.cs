using FinVault.Platform;
using FinVault.Platform.Outbox;

namespace FinVault.Identity;

/// <summary>A session as its owner sees it.</summary>
/// <param name="Current">Whether it is the one that asks.</param>
public sealed record SessionView(
    string SessionId, DateTimeOffset StartedAt, DateTimeOffset SeenAt, DateTimeOffset EndsAt, SignInMethod Method,
    string? Device, string? Address, bool Current);

/// <summary>Sessions from sign-in to sign-out, and the tokens that stand for them.</summary>
public sealed class Sessions(
    SessionStore store, SessionGuard guard, SessionTokens tokens, LiveConnections live, IdentityOptions options,
    TimeProvider time)
{
    /// <summary>To the outbox, of each sign-in: what is made of it is for those who tell users.</summary>
    internal const string SignedInKind = "identity.signedIn";

    private const int MaxDeviceLength = 200;

    /// <summary>A session with an id of its own; the oldest ends when there are too many (ID-12).</summary>
    public async Task<SessionGrant> BeginAsync(
        Account account, SignInMethod method, ClientTrace client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(client);
        string user = account.User;
        DateTimeOffset now = time.GetUtcNow();
        string refresh = Guard.Random();
        string? device = client.Device is { Length: > MaxDeviceLength } text ? text[..MaxDeviceLength] : client.Device;
        Session session = new(
            Ids.New("SESSION", now), now, now, now, Guard.Hash(refresh), account.Tenant ?? Membership.OwnTenantOf(user), method,
            device, client.Address);
        await store.TellAsync(
            OutboxMessage.OfUser(user, SignedInKind, new { Device = device, client.Address, method, At = now }, time),
            cancellationToken);
        await store.ChangeAsync(user, all => SessionRules.Begin(all, session, options.Sessions, now), cancellationToken);
        guard.Forget(user);
        await live.SweepAsync(user, cancellationToken);
        return Grant(user, session, refresh, now);
    }

    /// <summary>The next pair of tokens. A refresh token that comes a second time ends the session.</summary>
    /// <exception cref="ProblemException">invalid_token.</exception>
    public async Task<SessionGrant> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        TokenContent content = tokens.ReadRefresh(refreshToken) ?? throw Over();
        DateTimeOffset now = time.GetUtcNow();
        string next = Guard.Random();
        SessionChange change = await store.ChangeAsync(
            content.UserId,
            all => SessionRules.Rotate(
                all, content.SessionId, Guard.Hash(content.Id!), Guard.Hash(next), options.Sessions, now),
            cancellationToken);
        guard.Forget(content.UserId);
        if (change.Session is not { } session)
        {
            await live.SweepAsync(content.UserId, cancellationToken);
            throw Over();
        }

        return Grant(content.UserId, session, next, now);
    }

    /// <summary>Ends a session, and denies the token that it was ended with (ID-03).</summary>
    public async Task SignOutAsync(CurrentUser user, string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        await guard.DenyAsync(user.UserId, token, cancellationToken);
        if (user.SessionId is { } session)
        {
            await EndAsync(user.UserId, session, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<SessionView>> ListAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        IReadOnlyList<Session> all = await store.ReadAsync(user.UserId, cancellationToken);
        return
        [
            .. SessionRules.Living(all, options.Sessions, time.GetUtcNow()).Reverse().Select(one => new SessionView(
                one.Id, one.StartedAt, one.SeenAt, SessionRules.EndOf(one, options.Sessions), one.Method, one.Device,
                one.Address, one.Id == user.SessionId)),
        ];
    }

    public async Task EndAsync(string user, string session, CancellationToken cancellationToken)
    {
        await store.ChangeAsync(
            user, all => SessionRules.End(all, session, options.Sessions, time.GetUtcNow()), cancellationToken);
        guard.Forget(user);
        await live.SweepAsync(user, cancellationToken);
    }

    /// <summary>Ends every session but one.</summary>
    public async Task EndOthersAsync(string user, string? kept, CancellationToken cancellationToken)
    {
        await store.ChangeAsync(
            user,
            all => new([.. SessionRules.Living(all, options.Sessions, time.GetUtcNow()).Where(one => one.Id == kept)], null),
            cancellationToken);
        guard.Forget(user);
        await live.SweepAsync(user, cancellationToken);
    }

    /// <summary>Changes a living session; false when it is over.</summary>
    internal async Task<bool> ChangeAsync(
        string user, string session, Func<Session, Session> change, CancellationToken cancellationToken)
    {
        SessionChange done = await store.ChangeAsync(
            user, all => SessionRules.Change(all, session, change, options.Sessions, time.GetUtcNow()), cancellationToken);
        guard.Forget(user);
        return done.Session is not null;
    }

    private SessionGrant Grant(string user, Session session, string refresh, DateTimeOffset now)
    {
        DateTimeOffset end = session.StartedAt + options.Sessions.Absolute;
        DateTimeOffset access = Earlier(now + options.AccessLife, end);
        DateTimeOffset refreshUntil = Earlier(now + options.RefreshLife, end);
        return new(
            tokens.WriteAccess(user, session.Id, access), access,
            tokens.WriteRefresh(user, session.Id, refresh, refreshUntil), refreshUntil, session.Id, user);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static ProblemException Over() => Problems.InvalidToken.With("Sign in again.");
}
