namespace FinVault.Identity;

/// <summary>Finds what belongs to a person.</summary>
public sealed class Persons(AccountStore accounts, MembershipStore memberships)
{
    /// <summary>Also somebody whose account is gone.</summary>
    public async Task<Person> ReadAsync(string user, CancellationToken cancellationToken)
    {
        Account? account = (await accounts.FindAsync(user, cancellationToken))?.Document;
        List<string> tenants = [Membership.OwnTenantOf(user)];
        foreach (Membership one in await memberships.OfUserAsync(user, cancellationToken))
        {
            bool alone = (await memberships.OfTenantAsync(one.Tenant, cancellationToken)).All(other => other.User == user);
            if (alone && !tenants.Contains(one.Tenant))
            {
                tenants.Add(one.Tenant);
            }
        }

        return new(user, account?.Email, tenants);
    }
}
