using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Identity;

/// <summary>
/// Whether a token's session still counts, for every request: what the store says is believed for a few seconds, and what
/// changes here counts here at once.
/// </summary>
public sealed partial class SessionGuard(
    SessionStore sessions, MembershipStore memberships, IdentityOptions options, TimeProvider time,
    ILogger<SessionGuard> logger)
{
    private const int MaxUsers = 50_000;

    private readonly ReadThroughCache<UserState> _users = new("sessions", new CacheLimits(MaxUsers), time);
    private readonly ReadThroughCache<Denial> _denied = new("denied-tokens", new CacheLimits(MaxUsers), time);

    /// <summary>The user, in the tenant that the session is at work in; null when the session or the token is over.</summary>
    public async ValueTask<CurrentUser?> AdmitAsync(
        string token, TokenContent content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        string user = content.UserId;
        UserState state = await _users.GetAsync(
            CacheKey.Of("session", user), options.SessionCache, ct => LoadAsync(user, ct), cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        SessionChange seen = SessionRules.See(state.Sessions, content.SessionId, options.Sessions, now);
        if (seen.Session is not { } session || await IsDeniedAsync(token, user, cancellationToken))
        {
            return null;
        }

        if (seen.All is not null)
        {
            await NoteAsync(user, session.Id, now, cancellationToken);
        }

        Membership membership = Membership.Choose(state.Memberships, session.Tenant, user);
        return new(user, membership.Tenant, membership.Roles.ToHashSet())
        {
            SessionId = session.Id,
            ConfirmedAt = session.ConfirmedAt,
            HasShownCode = session.Method is SignInMethod.PasswordAndCode or SignInMethod.ProviderAndCode,
        };
    }

    /// <summary>What is known of a user's sessions and roles may be old.</summary>
    public void Forget(string user) => _users.Invalidate(CacheKey.Of("session", user));

    /// <summary>Denies a token here and everywhere.</summary>
    public async Task DenyAsync(string user, string token, CancellationToken cancellationToken)
    {
        string hash = Guard.Hash(token);
        await sessions.DenyAsync(user, hash, cancellationToken);
        _denied.Invalidate(hash);
    }

    private async Task<UserState> LoadAsync(string user, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<Session>> living = sessions.ReadAsync(user, cancellationToken);
        IReadOnlyList<Membership> roles = await memberships.OfUserAsync(user, cancellationToken);
        return new(await living, roles);
    }

    private async ValueTask<bool> IsDeniedAsync(string token, string user, CancellationToken cancellationToken)
    {
        string hash = Guard.Hash(token);
        Denial denial = await _denied.GetAsync(
            hash, options.SessionCache, async ct => new Denial(await sessions.IsDeniedAsync(user, hash, ct)), cancellationToken);
        return denial.Denied;
    }

    private async Task NoteAsync(string user, string session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await sessions.ChangeAsync(
                user, all => SessionRules.See(all, session, options.Sessions, now), cancellationToken);
            Forget(user);
        }
        catch (Exception failure) when (
            Failures.IsTransient(failure) && !cancellationToken.IsCancellationRequested)
        {
            // The next request notes it; this one has been admitted already.
            LogNotNoted(failure);
        }
    }

    [LoggerMessage(1500, LogLevel.Warning, "A request of a session was not noted: the store did not answer")]
    private partial void LogNotNoted(Exception failure);

    private sealed record UserState(IReadOnlyList<Session> Sessions, IReadOnlyList<Membership> Memberships);

    private sealed record Denial(bool Denied);
}
