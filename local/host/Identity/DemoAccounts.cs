using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;

namespace FinVault.Local.Identity;

/// <summary>
/// Accounts of the made-up users, with a password that everybody at this machine may know: there are none outside of a
/// local host. Each data folder has a password of its own, in case its host is reached from elsewhere.
/// </summary>
internal sealed class DemoAccounts(string? folder)
{
    private const int KeyBytes = 10;

    /// <summary>The same for all of them.</summary>
    public string Password { get; } =
        "demo-" + string.Join('-', Totp.Encode(KeyFile.Open(folder, "demo.key", KeyBytes)).Chunk(4).Select(four => new string(four)));

    public static string EmailOf(DemoUser user) => $"{user.Name}@finvault.example";

    /// <summary>Makes those that are not there.</summary>
    public async Task EnsureAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        AccountStore accounts = services.GetRequiredService<AccountStore>();
        MembershipStore memberships = services.GetRequiredService<MembershipStore>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        string? hash = null;
        foreach (DemoUser user in DemoUsers.All)
        {
            if (await accounts.FindAsync(user.UserId, cancellationToken) is not null)
            {
                continue;
            }

            hash ??= PasswordHash.Make(Password);
            Account account = new(user.UserId, EmailOf(user), true, hash, null, [], time.GetUtcNow(), user.TenantId);
            await accounts.CreateAsync(account, null, cancellationToken);
            await memberships.CreateTenantAsync(user.TenantId, "Demo", user.UserId, cancellationToken);
            await memberships.SetAsync(user.UserId, user.TenantId, "Demo", user.Roles, null, cancellationToken);
        }
    }
}

/// <summary>A made-up user and how to sign in as it, as <c>GET /dev/users</c> answers.</summary>
public sealed record DemoSignIn(
    string Name, string UserId, string TenantId, IReadOnlyList<string> Roles, string Email, string Password);
