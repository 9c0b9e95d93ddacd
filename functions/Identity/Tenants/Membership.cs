namespace FinVault.Identity;

/// <summary>What a user may do in a tenant.</summary>
/// <param name="User">The user.</param>
/// <param name="Tenant">The tenant; each user has one of their own, which nobody takes away.</param>
/// <param name="Name">The tenant's name, for people.</param>
/// <param name="Roles">Of <see cref="Identity.Roles"/>.</param>
/// <param name="At">Since when the roles are these.</param>
public sealed record Membership(
    string User, string Tenant, string Name, IReadOnlyList<string> Roles, DateTimeOffset At)
{
    /// <summary>A user's own tenant: the user's id under another prefix.</summary>
    public static string OwnTenantOf(string user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return $"TENANT{user[user.IndexOf('_')..]}";
    }

    /// <summary>
    /// The membership of a tenant; of the user's own tenant when there is none any more, so that who was put out of a tenant
    /// is at once no longer in it.
    /// </summary>
    public static Membership Choose(IReadOnlyList<Membership> all, string tenant, string user) =>
        all.FirstOrDefault(one => one.Tenant == tenant)
        ?? all.FirstOrDefault(one => one.Tenant == OwnTenantOf(user))
        ?? new(user, OwnTenantOf(user), "", [], default);
}
