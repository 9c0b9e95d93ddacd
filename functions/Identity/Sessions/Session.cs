namespace FinVault.Identity;

/// <summary>How somebody proved who they are.</summary>
public enum SignInMethod
{
    Password,
    PasswordAndCode,
    Provider,
    ProviderAndCode,
}

/// <summary>A signed-in browser or app.</summary>
/// <param name="Id"><c>SESSION_&lt;ULID&gt;</c>; a new one at every sign-in, never one that a client brings.</param>
/// <param name="StartedAt">When the user signed in.</param>
/// <param name="SeenAt">The last request that was noted.</param>
/// <param name="ConfirmedAt">The last time that the user proved who they are.</param>
/// <param name="Refresh">SHA-256 of the id of the one refresh token that counts.</param>
/// <param name="Tenant">Where the user is at work.</param>
/// <param name="Method">How the user signed in.</param>
/// <param name="Device">What the client said of itself.</param>
/// <param name="Address">Where the user signed in from.</param>
public sealed record Session(
    string Id, DateTimeOffset StartedAt, DateTimeOffset SeenAt, DateTimeOffset ConfirmedAt, string Refresh, string Tenant,
    SignInMethod Method, string? Device, string? Address);

/// <summary>A user's sessions after a change, and what became of the one that was asked for.</summary>
/// <param name="All">What is to be kept; null for no change.</param>
/// <param name="Session">The session; null when there is none, or none any more.</param>
public sealed record SessionChange(IReadOnlyList<Session>? All, Session? Session);

/// <summary>What happens to a user's sessions. Sessions that are over are dropped by every change.</summary>
public static class SessionRules
{
    public static DateTimeOffset EndOf(Session session, SessionLimits limits)
    {
        DateTimeOffset idle = session.SeenAt + limits.Idle;
        DateTimeOffset absolute = session.StartedAt + limits.Absolute;
        return idle < absolute ? idle : absolute;
    }

    public static IReadOnlyList<Session> Living(IEnumerable<Session> all, SessionLimits limits, DateTimeOffset now) =>
        [.. all.Where(session => now < EndOf(session, limits))];

    /// <summary>One more; the oldest go when they are too many.</summary>
    public static SessionChange Begin(
        IReadOnlyList<Session> all, Session session, SessionLimits limits, DateTimeOffset now) =>
        new([.. Living(all, limits, now).Append(session).OrderBy(one => one.StartedAt).TakeLast(limits.Count)], session);

    /// <summary>A request came: noted when the last note is old enough.</summary>
    public static SessionChange See(IReadOnlyList<Session> all, string id, SessionLimits limits, DateTimeOffset now) =>
        Find(all, id, limits, now) is not { } session ? new(null, null)
        : now - session.SeenAt < limits.NoteEvery ? new(null, session)
        : With(all, session with { SeenAt = now }, limits, now);

    /// <summary>
    /// A refresh token is exchanged for the next. One that was exchanged before is in two hands, and nobody knows which is
    /// the thief's: the session ends.
    /// </summary>
    /// <param name="presented">SHA-256 of the id of the token that was sent.</param>
    /// <param name="next">SHA-256 of the id of the token that will be given.</param>
    public static SessionChange Rotate(
        IReadOnlyList<Session> all, string id, string presented, string next, SessionLimits limits, DateTimeOffset now) =>
        Find(all, id, limits, now) is not { } session ? new(null, null)
        : session.Refresh != presented ? End(all, id, limits, now)
        : With(all, session with { SeenAt = now, Refresh = next }, limits, now);

    public static SessionChange Change(
        IReadOnlyList<Session> all, string id, Func<Session, Session> change, SessionLimits limits, DateTimeOffset now) =>
        Find(all, id, limits, now) is { } session ? With(all, change(session), limits, now) : new(null, null);

    public static SessionChange End(IReadOnlyList<Session> all, string id, SessionLimits limits, DateTimeOffset now) =>
        new([.. Living(all, limits, now).Where(session => session.Id != id)], null);

    private static Session? Find(IReadOnlyList<Session> all, string id, SessionLimits limits, DateTimeOffset now) =>
        Living(all, limits, now).FirstOrDefault(session => session.Id == id);

    private static SessionChange With(
        IReadOnlyList<Session> all, Session changed, SessionLimits limits, DateTimeOffset now) =>
        new([.. Living(all, limits, now).Select(session => session.Id == changed.Id ? changed : session)], changed);
}
