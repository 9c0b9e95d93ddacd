using FinVault.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Benchmarks.Harness;

/// <summary>Users of a benchmark: with a real session, but without the password that would take its time.</summary>
internal static class SignedIn
{
    private static readonly ClientTrace Client = new("Benchmark", null);

    /// <summary>A token of a new user, who has these roles in this tenant; good for a quarter of an hour.</summary>
    public static async Task<string> TokenAsync(IServiceProvider services, CurrentUser user) =>
        (await BeginAsync(services, await AccountAsync(services, user))).AccessToken;

    /// <summary>The account of a new user, who has these roles in this tenant.</summary>
    public static async Task<Account> AccountAsync(IServiceProvider services, CurrentUser user)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Account account = new(
            user.UserId, $"{user.UserId.ToLowerInvariant()}@users.example", true, null, null, [], now, user.TenantId);
        MembershipStore memberships = services.GetRequiredService<MembershipStore>();
        await services.GetRequiredService<AccountStore>().CreateAsync(account, null, default);
        await memberships.SetAsync(user.UserId, user.TenantId, "Benchmark", [.. user.Roles], null, default);
        return account;
    }

    /// <summary>Another session of a user.</summary>
    public static Task<SessionGrant> BeginAsync(IServiceProvider services, Account account) =>
        services.GetRequiredService<Sessions>().BeginAsync(account, SignInMethod.Password, Client, default);
}
