using System.Text.Json;
using FinVault.Platform;
using FinVault.Platform.RateLimits;

namespace FinVault.Identity;

/// <summary>What a client says of itself, to be recognised in the list of sessions.</summary>
public sealed record ClientTrace(string? Device, string? Address);

/// <summary>How far a sign-in has come: exactly one of the three is there.</summary>
/// <param name="Session">Signed in.</param>
/// <param name="SecondFactor">A code is needed too.</param>
/// <param name="Link">The login elsewhere has the e-mail address of an account here: say whether they are the same.</param>
public sealed record SignInAnswer(SessionGrant? Session, SecondFactorChallenge? SecondFactor = null, LinkOffer? Link = null);

/// <summary>A session's tokens.</summary>
/// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
/// <param name="RefreshToken">Good once, for the next pair; a second use ends the session. Null where the browser has got it
/// as a cookie (<c>X-Session-Cookie</c>).</param>
/// <param name="RefreshExpiresAt">The end of the session at the latest.</param>
public sealed record SessionGrant(
    string AccessToken, DateTimeOffset AccessExpiresAt, string? RefreshToken, DateTimeOffset RefreshExpiresAt,
    string SessionId, string UserId);

/// <summary>Send the challenge with a code.</summary>
public sealed record SecondFactorChallenge(string Challenge, DateTimeOffset ExpiresAt);

/// <summary>Send the token with the account's password to consent.</summary>
public sealed record LinkOffer(string LinkToken, DateTimeOffset ExpiresAt, string Provider, string Email);

/// <summary>Signing in: password or login elsewhere, then a code where one is set up, then a session.</summary>
public sealed class SignIn(
    AccountStore accounts, Passwords passwords, SecondFactors secondFactors, OneTimeTokens tokens, Sessions sessions,
    RateLimiter limiter, IdentityOptions options, TimeProvider time)
{
    private const int MaxCodeTries = 5;

    // Whatever the number of addresses that the tries come from (credential stuffing).
    private static readonly RateLimit TriesPerAccount = new("sign-ins", 10, TimeSpan.FromMinutes(15));

    /// <exception cref="ProblemException">invalid_credentials, email_not_verified, rate_limited.</exception>
    public async Task<SignInAnswer> WithPasswordAsync(
        string email, string password, ClientTrace client, CancellationToken cancellationToken)
    {
        RateVerdict tries = await limiter.TakeAsync(
            AccountStore.EmailPartition(email), TriesPerAccount, cancellationToken);
        if (!tries.Allowed)
        {
            throw tries.ToProblem();
        }

        Versioned<Account>? read = password.Length > PasswordRules.MaxLength
            ? null
            : await accounts.FindByEmailAsync(email, cancellationToken);
        switch (await passwords.CheckAsync(read?.Document.Password, Short(password), cancellationToken))
        {
            case PasswordMatch.No:
                // One write, whether there is such a user or not.
                await accounts.RecordAsync(
                    read?.Document.User ?? AccountStore.EmailPartition(email), "identity.signInFailed",
                    new { Reason = "password" }, cancellationToken);
                throw Problems.InvalidCredentials.With("The e-mail address or the password is wrong.");
            case PasswordMatch.YesButWeak:
                string hash = await passwords.HashAsync(password, cancellationToken);
                // Not written when the account has just changed; then the next sign-in does it.
                await accounts.ReplaceAsync(
                    read!, read!.Document with { Password = hash }, null, endSessions: false, cancellationToken);
                break;
        }

        return read!.Document.EmailVerified
            ? await EnterAsync(read.Document, SignInMethod.Password, client, cancellationToken)
            : throw Problems.EmailNotVerified.With("Follow the link in the mail that you have got, or ask for another.");
    }

    /// <exception cref="ProblemException">invalid_one_time_token, invalid_code.</exception>
    public async Task<SignInAnswer> WithCodeAsync(
        string challenge, string code, ClientTrace client, CancellationToken cancellationToken)
    {
        OneTimeToken found = await tokens.FindAsync(challenge, TokenPurpose.SecondFactor, cancellationToken)
            ?? throw Problems.InvalidOneTimeToken.With("Sign in again.");
        if (!await tokens.TryAsync(found, MaxCodeTries, cancellationToken))
        {
            throw Problems.InvalidOneTimeToken.With("Too many wrong codes. Sign in again.");
        }

        if (!await secondFactors.TakeAsync(found.User, code, cancellationToken))
        {
            await accounts.RecordAsync(
                found.User, "identity.signInFailed", new { Reason = "code" }, cancellationToken);
            throw Problems.InvalidCode.With("The code is wrong, or was used.");
        }

        if (!await tokens.UseAsync(found with { ETag = null }, cancellationToken))
        {
            throw Problems.InvalidOneTimeToken.With("Sign in again.");
        }

        SignInMethod method = found.Note.GetProperty("method").Deserialize<SignInMethod>(Json.Options);
        SignInMethod whole = method == SignInMethod.Provider ? SignInMethod.ProviderAndCode : SignInMethod.PasswordAndCode;
        Account account = (await accounts.FindAsync(found.User, cancellationToken))?.Document
            ?? throw Problems.InvalidOneTimeToken.With("Sign in again.");
        return new(await BeginAsync(account, whole, client, cancellationToken));
    }

    /// <summary>The first step is done: a session, or the question for a code.</summary>
    internal async Task<SignInAnswer> EnterAsync(
        Account account, SignInMethod method, ClientTrace client, CancellationToken cancellationToken)
    {
        if (!account.NeedsCode)
        {
            return new(await BeginAsync(account, method, client, cancellationToken));
        }

        DateTimeOffset until = time.GetUtcNow() + options.ChallengeLife;
        string challenge = await tokens.MakeAsync(
            account.User, TokenPurpose.SecondFactor, options.ChallengeLife, new { Method = method }, cancellationToken);
        return new(null, new SecondFactorChallenge(challenge, until));
    }

    private async Task<SessionGrant> BeginAsync(
        Account account, SignInMethod method, ClientTrace client, CancellationToken cancellationToken)
    {
        SessionGrant session = await sessions.BeginAsync(account, method, client, cancellationToken);
        await accounts.RecordAsync(account.User, "identity.signedIn", new { Method = method }, cancellationToken);
        return session;
    }

    // One that is too long belongs to nobody; it costs no more than another.
    private static string Short(string password) => password[..Math.Min(password.Length, PasswordRules.MaxLength)];
}
