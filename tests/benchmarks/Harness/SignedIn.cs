using FinVault.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Benchmarks.Harness;

/// <summary>Users of a benchmark: with a real session, but without the password that would take its time.</summary>
internal static class SignedIn
{
    private static readonly ClientTrace Client = new("Benchmark", null);

    /// <summary>A token of a new user, who has these roles in this tenant; good for a quarter of an hour.</summary>
    public static async Task<string> TokenAsync(IServiceProvider services, CurrentUser user)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Account account = new(
            user.UserId, $"{user.UserId.ToLowerInvariant()}@users.example", true, null, null, [], now, user.TenantId);
        MembershipStore memberships = services.GetRequiredService<MembershipStore>();
        await services.GetRequiredService<AccountStore>().CreateAsync(account, null, default);
        await memberships.SetAsync(user.UserId, user.TenantId, "Benchmark", [.. user.Roles], null, default);
        SessionGrant grant = await services.GetRequiredService<Sessions>().BeginAsync(
            account, SignInMethod.Password, Client, default);
        return grant.AccessToken;
    }
}
