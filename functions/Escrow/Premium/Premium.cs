using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>
/// Who has premium now: what other slices ask before they give more than everybody has. Nothing that FinVault's
/// requirements promise to every user is withheld from those without.
/// </summary>
public sealed class Premium(SubscriptionStore store, PremiumOptions options, TimeProvider time)
{
    /// <summary>Whether this user's premium is paid, in its trial, or within its days of grace.</summary>
    /// <param name="user"><c>USER_&lt;ULID&gt;</c>; whichever tenant the user acts for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> IsActiveAsync(string user, CancellationToken cancellationToken) =>
        SubscriptionRules.IsActive(await store.FindAsync(user, cancellationToken), options, time.GetUtcNow());
}
