using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>Taking away a way to sign in. The last one stays: an account that nobody can enter is lost.</summary>
public sealed class Unlinking(AccountStore accounts)
{
    /// <exception cref="ProblemException">unknown_provider, last_way_in.</exception>
    public async Task UnlinkAsync(string user, string provider, CancellationToken cancellationToken)
    {
        while (true)
        {
            Versioned<Account> read = await accounts.FindAsync(user, cancellationToken)
                ?? throw Problems.NotFound.With("There is no such account.");
            Account account = read.Document;
            ExternalLogin[] gone = [.. account.Logins.Where(one => one.Provider == provider)];
            ExternalLogin[] left = [.. account.Logins.Except(gone)];
            if (gone.Length == 0)
            {
                throw Problems.UnknownProvider.With($"You do not sign in with {provider}.");
            }

            if (account.Password is null && left.Length == 0)
            {
                throw Problems.LastWayIn.With("You could not sign in any more. Set a password first.");
            }

            // What leads to the account goes first: one that dies here has unlinked nothing, and lets nobody in unseen.
            foreach (ExternalLogin login in gone)
            {
                await accounts.ReleaseLoginAsync(login.Provider, login.Subject, user, cancellationToken);
            }

            if (await accounts.ReplaceAsync(
                read, account with { Logins = left }, IdentityMails.Unlinked, endSessions: false, cancellationToken))
            {
                return;
            }
        }
    }
}
