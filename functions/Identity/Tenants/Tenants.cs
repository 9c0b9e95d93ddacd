using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Identity;

/// <summary>What a new tenant is for; its maker gets the role of it.</summary>
public enum TenantKind
{
    Host,
    Merchant,
}

/// <summary>Tenants, and who has which role in them.</summary>
public sealed partial class Tenants(
    MembershipStore memberships, AccountStore accounts, Sessions sessions, SessionGuard guard, LiveConnections live,
    TimeProvider time, ILogger<Tenants> logger)
{
    public const int MaxTenants = 10;

    /// <exception cref="ProblemException">too_many_tenants.</exception>
    public async Task<Membership> CreateAsync(
        string user, string name, TenantKind kind, CancellationToken cancellationToken)
    {
        string tenant = Ids.New("TENANT", time);
        string[] roles = [Roles.User, kind == TenantKind.Host ? Roles.Host : Roles.Merchant];
        if (!await memberships.FoundAsync(user, tenant, name, roles, MaxTenants, cancellationToken))
        {
            throw Problems.TooManyTenants.With($"You are in {MaxTenants} tenants.");
        }

        guard.Forget(user);
        LogRoles(user, user, tenant, string.Join(',', roles));
        return new(user, tenant, name, roles, time.GetUtcNow());
    }

    /// <summary>Goes to work in another of the caller's tenants.</summary>
    /// <exception cref="ProblemException">unknown_tenant.</exception>
    public async Task SwitchAsync(CurrentUser user, string tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (await memberships.FindAsync(user.UserId, tenant, cancellationToken) is null || user.SessionId is not { } session
            || !await sessions.ChangeAsync(
                user.UserId, session, found => found with { Tenant = tenant }, cancellationToken))
        {
            throw Problems.UnknownTenant.With("You are in no such tenant.");
        }

        // The next session begins here too.
        await accounts.RememberTenantAsync(user.UserId, tenant, cancellationToken);
    }

    /// <exception cref="ProblemException">unknown_tenant.</exception>
    public async Task<IReadOnlyList<Membership>> MembersAsync(
        CurrentUser asking, string tenant, CancellationToken cancellationToken)
    {
        await RequireAsync(asking, tenant, cancellationToken);
        return await memberships.OfTenantAsync(tenant, cancellationToken);
    }

    /// <summary>Gives a user exactly these roles; none takes them out of the tenant, but never out of their own.</summary>
    /// <param name="member">A user's id or e-mail address.</param>
    /// <exception cref="ProblemException">unknown_tenant, unknown_user, forbidden, different_content.</exception>
    public async Task<Membership> SetRolesAsync(
        CurrentUser asking, string tenant, string member, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asking);
        string name = await RequireAsync(asking, tenant, cancellationToken);
        Account account = (member.Contains('@', StringComparison.Ordinal)
            ? await accounts.FindByEmailAsync(EmailAddress.Read(member), cancellationToken)
            : await accounts.FindAsync(member, cancellationToken))?.Document
            ?? throw Problems.UnknownUser.With("There is no such user.");
        Versioned<Membership>? had = await memberships.FindAsync(account.User, tenant, cancellationToken);
        string[] wanted = [.. OwnTenant(account, tenant) ? roles.Append(Roles.User).Distinct() : roles.Distinct()];
        IEnumerable<string> changed = wanted.Except(had?.Document.Roles ?? []).Concat((had?.Document.Roles ?? []).Except(wanted));
        if (changed.Except(Permissions.GrantableBy(asking.Roles)).FirstOrDefault() is { } beyond)
        {
            throw Problems.Forbidden.With($"Your roles do not let you give or take the role {beyond}.");
        }

        bool done = wanted.Length == 0
            ? await memberships.RemoveAsync(account.User, tenant, cancellationToken) || had is null
            : await memberships.SetAsync(account.User, tenant, name, wanted, had?.ETag, cancellationToken);
        if (!done)
        {
            throw Problems.DifferentContent.With("The member's roles have just changed. Look again.");
        }

        guard.Forget(account.User);
        if (wanted.Length == 0)
        {
            // Whoever is out of a tenant is out of its group too: they connect again, and join what they still may.
            await live.CloseAllAsync(account.User, cancellationToken);
        }

        LogRoles(asking.UserId, account.User, tenant, string.Join(',', wanted));
        return new(account.User, tenant, name, wanted, time.GetUtcNow());
    }

    private static bool OwnTenant(Account account, string tenant) => Membership.OwnTenantOf(account.User) == tenant;

    /// <summary>The name of a tenant that the caller may manage: administrators any, others the one they are in.</summary>
    private async Task<string> RequireAsync(CurrentUser asking, string tenant, CancellationToken cancellationToken) =>
        asking.Has(Roles.Admin) || asking.TenantId == tenant
            ? await memberships.NameOfAsync(tenant, cancellationToken) ?? throw Unknown()
            : throw Unknown();

    private static ProblemException Unknown() => Problems.UnknownTenant.With("There is no such tenant.");

    [LoggerMessage(1501, LogLevel.Information, "{By} gave {User} in {Tenant} the roles {Roles}")]
    private partial void LogRoles(string by, string user, string tenant, string roles);
}
