using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// Reads an account for whoever may change it, with its unfinished work done, and tries a change again for as long as
/// others are faster.
/// </summary>
public sealed class AccountWork(PortfolioStore store, UnfinishedWorks unfinished)
{
    private const int MaxTries = 12;

    /// <summary>The account, if it is the user's own.</summary>
    /// <exception cref="ProblemException">unknown_portfolio: there is none, or it is somebody else's.</exception>
    internal async Task<Versioned<AccountDocument>> OpenAsync(
        CurrentUser user, string account, CancellationToken cancellationToken)
    {
        Versioned<AccountDocument>? found = Ids.IsValid(account, PortfolioAccount.Prefix)
            ? await store.FindAccountAsync(account, cancellationToken)
            : null;
        return found is not null && IsOf(user, found.Document.Data) ? found : throw Unknown();
    }

    /// <summary>Makes a change from the account as it is, again and again until nobody else was in between.</summary>
    /// <param name="change">Null for nothing to be changed.</param>
    /// <exception cref="ProblemException">unavailable: others change it all the time.</exception>
    internal async Task ChangeAsync(
        string account, Func<Versioned<AccountDocument>, Task<AccountChange?>> change,
        CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            Versioned<AccountDocument> now = await unfinished.FinishAsync(account, cancellationToken);
            if (await change(now) is not { } wanted || await store.CommitAsync(wanted, cancellationToken))
            {
                return;
            }
        }

        throw Problems.Unavailable.With("The account is being changed by others. Try again shortly.");
    }

    internal static bool IsOf(CurrentUser user, PortfolioAccount account) =>
        account.Owner == user.UserId && account.Tenant == user.TenantId;

    internal static ProblemException Unknown() => Problems.UnknownPortfolio.With("You have no such account.");
}
