using FinVault.Platform;
using FinVault.Platform.RateLimits;

namespace FinVault.Identity;

/// <summary>
/// Registering and confirming. Nobody learns from an answer, or from how long it takes, whether an address has an
/// account; its owner learns it by mail.
/// </summary>
public sealed class Registration(
    AccountStore accounts, Passwords passwords, OneTimeTokens tokens, SignIn signIn, RateLimiter limiter,
    MembershipStore memberships, IdentityOptions options, LeakedPasswords leaked, TimeProvider time)
{
    private const int MaxTries = 10;

    // Nobody's mailbox is flooded by who knows its address.
    private static readonly RateLimit MailsPerAddress = new("mails", 5, TimeSpan.FromHours(1));

    public async Task RegisterAsync(string email, string password, CancellationToken cancellationToken)
    {
        PasswordRules.Require(password, email);
        await leaked.RequireUnknownAsync(password, cancellationToken);
        string hash = await passwords.HashAsync(password, cancellationToken);
        if (!await MayMailAsync(email, cancellationToken))
        {
            return;
        }

        Account account = new(Ids.New("USER", time), email, false, hash, null, [], time.GetUtcNow());
        if (!await accounts.CreateAsync(account, IdentityMails.Verify, cancellationToken)
            && await accounts.FindByEmailAsync(email, cancellationToken) is { } there)
        {
            await RegisterAgainAsync(there, hash, cancellationToken);
        }
    }

    /// <summary>Another mail for who has not confirmed yet.</summary>
    public async Task ResendAsync(string email, CancellationToken cancellationToken)
    {
        if (await MayMailAsync(email, cancellationToken)
            && await accounts.FindByEmailAsync(email, cancellationToken) is { Document.EmailVerified: false } there)
        {
            await accounts.TellAsync(there.Document.User, IdentityMails.Verify, cancellationToken);
        }
    }

    /// <summary>
    /// Confirms an address, and signs in. It takes the password too: else somebody could register with another's address,
    /// wait until that one follows the link, and share the account from then on.
    /// </summary>
    /// <exception cref="ProblemException">invalid_one_time_token, invalid_credentials.</exception>
    public async Task<SignInAnswer> VerifyAsync(
        string token, string password, ClientTrace client, CancellationToken cancellationToken)
    {
        OneTimeToken found = await tokens.FindAsync(token, TokenPurpose.VerifyEmail, cancellationToken)
            ?? throw Problems.InvalidOneTimeToken.With("The link is over or was used. Ask for another one.");
        if (!await tokens.TryAsync(found, MaxTries, cancellationToken)
            || await accounts.FindAsync(found.User, cancellationToken) is not { } read
            || await passwords.CheckAsync(read.Document.Password, password, cancellationToken) == PasswordMatch.No)
        {
            throw Problems.InvalidCredentials.With("This is not the password that you registered with.");
        }

        Account verified = read.Document with { EmailVerified = true };
        if (!await accounts.ReplaceAsync(read, verified, null, endSessions: false, cancellationToken))
        {
            throw Problems.InvalidOneTimeToken.With("The account has just changed. Try again.");
        }

        await tokens.UseAsync(found with { ETag = null }, cancellationToken);
        await AppointAsync(verified, cancellationToken);
        return await signIn.EnterAsync(verified, SignInMethod.Password, client, cancellationToken);
    }

    /// <summary>Makes the owner of the address in the settings an administrator.</summary>
    internal async Task AppointAsync(Account account, CancellationToken cancellationToken)
    {
        if (!string.Equals(options.FirstAdmin, account.Email, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        string tenant = Membership.OwnTenantOf(account.User);
        Versioned<Membership>? own = await memberships.FindAsync(account.User, tenant, cancellationToken);
        string[] roles = [.. (own?.Document.Roles ?? [Roles.User]).Append(Roles.Admin).Distinct()];
        await memberships.SetAsync(account.User, tenant, account.Email, roles, own?.ETag, cancellationToken);
    }

    internal async Task<bool> MayMailAsync(string email, CancellationToken cancellationToken) =>
        (await limiter.TakeAsync(AccountStore.EmailPartition(email), MailsPerAddress, cancellationToken)).Allowed;

    private async Task RegisterAgainAsync(Versioned<Account> there, string hash, CancellationToken cancellationToken)
    {
        if (there.Document.EmailVerified)
        {
            await accounts.TellAsync(there.Document.User, IdentityMails.AlreadyRegistered, cancellationToken);
            return;
        }

        // Nobody has shown that the address is theirs, so whoever comes last has as much right to it.
        await accounts.ReplaceAsync(
            there, there.Document with { Password = hash }, IdentityMails.Verify, endSessions: true, cancellationToken);
    }
}
