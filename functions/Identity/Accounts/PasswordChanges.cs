using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>New passwords. Whoever had signed in with the old one is out (ID-15).</summary>
public sealed class PasswordChanges(
    AccountStore accounts, Passwords passwords, Registration registration, OneTimeTokens tokens, SessionGuard guard,
    LeakedPasswords leaked, Sessions sessions, LiveConnections live, StepUp stepUp)
{
    /// <summary>Changes it and goes on in a new session.</summary>
    /// <exception cref="ProblemException">invalid_credentials, weak_password.</exception>
    public async Task<SessionGrant> ChangeAsync(
        CurrentUser user, string? current, string next, ClientTrace client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        Versioned<Account> read = await accounts.FindAsync(user.UserId, cancellationToken)
            ?? throw Problems.InvalidCredentials.With("There is no such account.");
        // Who signs in elsewhere only has none, and sets their first.
        if (read.Document.Password is not { } stored)
        {
            stepUp.Require(user);
        }
        else if (await passwords.CheckAsync(stored, current ?? "", cancellationToken) == PasswordMatch.No)
        {
            throw Problems.InvalidCredentials.With("The current password is wrong.");
        }

        await SetAsync(read, next, cancellationToken);
        SignInMethod method = read.Document.NeedsCode ? SignInMethod.PasswordAndCode : SignInMethod.Password;
        return await sessions.BeginAsync(read.Document, method, client, cancellationToken);
    }

    /// <summary>Sends a link to who has forgotten theirs. The answer is the same for everybody.</summary>
    public async Task ForgotAsync(string email, CancellationToken cancellationToken)
    {
        if (await registration.MayMailAsync(email, cancellationToken)
            && await accounts.FindByEmailAsync(email, cancellationToken) is { } read)
        {
            await accounts.TellAsync(read.Document.User, IdentityMails.Reset, cancellationToken);
        }
    }

    /// <summary>Sets a new one by the link of a mail, which also shows that the address is the user's.</summary>
    /// <exception cref="ProblemException">invalid_one_time_token, weak_password.</exception>
    public async Task ResetAsync(string token, string next, CancellationToken cancellationToken)
    {
        OneTimeToken found = await tokens.FindAsync(token, TokenPurpose.ResetPassword, cancellationToken) ?? throw Over();
        Versioned<Account> read = await accounts.FindAsync(found.User, cancellationToken) ?? throw Over();
        PasswordRules.Require(next, read.Document.Email);
        await leaked.RequireUnknownAsync(next, cancellationToken);
        // Bound to the password of its time, so that no older link works after a change.
        string now = read.Document.Password ?? "";
        if (found.Note.GetProperty("was").GetString() != Guard.Hash(now) || !await tokens.UseAsync(found, cancellationToken))
        {
            throw Over();
        }

        await SetAsync(read with { Document = read.Document with { EmailVerified = true } }, next, cancellationToken);
    }

    private async Task SetAsync(Versioned<Account> read, string next, CancellationToken cancellationToken)
    {
        PasswordRules.Require(next, read.Document.Email);
        await leaked.RequireUnknownAsync(next, cancellationToken);
        Account changed = read.Document with { Password = await passwords.HashAsync(next, cancellationToken) };
        if (!await accounts.ReplaceAsync(
            read, changed, IdentityMails.PasswordChanged, endSessions: true, cancellationToken))
        {
            throw Problems.DifferentContent.With("The account has just changed. Try again.");
        }

        guard.Forget(changed.User);
        await live.SweepAsync(changed.User, cancellationToken);
    }

    private static ProblemException Over() =>
        Problems.InvalidOneTimeToken.With("The link is over or was used. Ask for another one.");
}
