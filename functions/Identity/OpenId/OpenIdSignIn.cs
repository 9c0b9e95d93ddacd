using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Identity;

/// <summary>Where to go, and what to come back with.</summary>
/// <param name="AuthorizationUrl">Send the user there.</param>
/// <param name="Binding">Keep it in the browser (<c>sessionStorage</c>) and send it when the user is back: it shows that
/// the same browser began.</param>
public sealed record OpenIdStart(string AuthorizationUrl, string Binding, DateTimeOffset ExpiresAt);

/// <summary>
/// Signing in elsewhere. An account here that has the same e-mail address is never merged silently: its owner consents
/// with its password (ID-05).
/// </summary>
public sealed class OpenIdSignIn(
    OpenIdOptions providers, OpenIdClient client, IdentityDocuments documents, AccountStore accounts, SignIn signIn,
    Registration registration, Passwords passwords, OneTimeTokens tokens, SessionGuard guard, IdentityOptions options,
    TimeProvider time)
{
    private const string StateId = "state";
    private const int MaxTries = 5;

    /// <exception cref="ProblemException">unknown_provider.</exception>
    public async Task<OpenIdStart> StartAsync(string name, CancellationToken cancellationToken)
    {
        OpenIdProvider provider = Provider(name);
        (string state, string nonce, string verifier, string binding) =
            (Guard.Random(), Guard.Random(), Guard.Random(), Guard.Random());
        string challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        string url = await client.AuthorizationUrlAsync(
            provider, RedirectOf(provider), state, nonce, challenge, cancellationToken);
        DateTimeOffset until = time.GetUtcNow() + options.LinkLife;
        string partition = PartitionOf(state);
        await documents.CreateAsync(
            partition,
            new StateDocument(
                StateId, partition, name, nonce, verifier, Guard.Hash(binding), until, (int)options.LinkLife.TotalSeconds),
            cancellationToken);
        return new(url, binding, until);
    }

    /// <exception cref="ProblemException">unknown_provider, invalid_one_time_token, provider_refused.</exception>
    public async Task<SignInAnswer> CompleteAsync(
        string name, OpenIdReturn back, ClientTrace trace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(back);
        OpenIdProvider provider = Provider(name);
        string partition = PartitionOf(back.State);
        Versioned<StateDocument>? began = await documents.FindVersionedAsync<StateDocument>(partition, StateId, cancellationToken);
        if (began?.Document is not { } state || state.Provider != name || time.GetUtcNow() >= state.ExpiresAt
            || !Guard.Same(state.Binding, Guard.Hash(back.Binding))
            || !await documents.DeleteAsync(partition, StateId, began.ETag, cancellationToken))
        {
            throw Problems.InvalidOneTimeToken.With("This sign-in is over, or began in another browser. Begin again.");
        }

        ExternalIdentity identity = await client.RedeemAsync(
            provider, back.Code, RedirectOf(provider), state.Verifier, state.Nonce, cancellationToken);
        return await accounts.FindByLoginAsync(name, identity.Subject, cancellationToken) is { } known
            ? await signIn.EnterAsync(known.Document, SignInMethod.Provider, trace, cancellationToken)
            : await WelcomeAsync(name, identity, trace, cancellationToken);
    }

    /// <summary>The owner of the account consents: its password, then its second factor if it has one.</summary>
    /// <exception cref="ProblemException">invalid_one_time_token, invalid_credentials.</exception>
    public async Task<SignInAnswer> LinkAsync(
        string linkToken, string password, ClientTrace trace, CancellationToken cancellationToken)
    {
        OneTimeToken found = await tokens.FindAsync(linkToken, TokenPurpose.Link, cancellationToken) ?? throw LinkOver();
        if (!await tokens.TryAsync(found, MaxTries, cancellationToken)
            || await accounts.FindAsync(found.User, cancellationToken) is not { } read)
        {
            throw LinkOver();
        }

        if (await passwords.CheckAsync(read.Document.Password, password, cancellationToken) == PasswordMatch.No)
        {
            throw Problems.InvalidCredentials.With("The password of the account is wrong.");
        }

        if (!await tokens.UseAsync(found with { ETag = null }, cancellationToken))
        {
            throw LinkOver();
        }

        Account linked = await LinkAsync(
            read, found.Note.GetProperty("provider").GetString()!, found.Note.GetProperty("subject").GetString()!,
            account => account, false, cancellationToken);
        return await signIn.EnterAsync(linked, SignInMethod.Password, trace, cancellationToken);
    }

    private async Task<SignInAnswer> WelcomeAsync(
        string provider, ExternalIdentity identity, ClientTrace trace, CancellationToken cancellationToken)
    {
        if (!identity.EmailVerified)
        {
            throw Problems.ProviderRefused.With("The provider has not confirmed your e-mail address.");
        }

        string email = EmailAddress.Read(identity.Email);
        Account fresh = new(
            Ids.New("USER", time), email, true, null, null, [new(provider, identity.Subject, time.GetUtcNow())],
            time.GetUtcNow());
        if (await accounts.CreateAsync(fresh, null, cancellationToken))
        {
            await accounts.ClaimLoginAsync(provider, identity.Subject, fresh.User, cancellationToken);
            await registration.AppointAsync(fresh, cancellationToken);
            return await signIn.EnterAsync(fresh, SignInMethod.Provider, trace, cancellationToken);
        }

        Versioned<Account> there = await accounts.FindByEmailAsync(email, cancellationToken) ?? throw LinkOver();
        bool interrupted = there.Document.Logins.Any(one => one.Provider == provider && one.Subject == identity.Subject);
        if (interrupted || !there.Document.EmailVerified)
        {
            // Whoever registered an address that is not theirs with a password of theirs keeps nothing of it.
            Account own = await LinkAsync(
                there, provider, identity.Subject,
                account => account.EmailVerified ? account : account with { Password = null, EmailVerified = true },
                !there.Document.EmailVerified, cancellationToken);
            return await signIn.EnterAsync(own, SignInMethod.Provider, trace, cancellationToken);
        }

        string token = await tokens.MakeAsync(
            there.Document.User, TokenPurpose.Link, options.LinkLife, new { provider, identity.Subject }, cancellationToken);
        return new(null, null, new LinkOffer(token, time.GetUtcNow() + options.LinkLife, provider, email));
    }

    private async Task<Account> LinkAsync(
        Versioned<Account> read, string provider, string subject, Func<Account, Account> change, bool endSessions,
        CancellationToken cancellationToken)
    {
        Account account = change(read.Document);
        ExternalLogin login = new(provider, subject, time.GetUtcNow());
        Account linked = account with
        {
            Logins = [.. account.Logins.Where(one => one.Provider != provider || one.Subject != subject), login],
        };
        if (!await accounts.ReplaceAsync(read, linked, IdentityMails.Linked, endSessions, cancellationToken)
            || !await accounts.ClaimLoginAsync(provider, subject, linked.User, cancellationToken))
        {
            throw Problems.InvalidOneTimeToken.With("The account has just changed. Begin again.");
        }

        guard.Forget(linked.User);
        return linked;
    }

    private OpenIdProvider Provider(string name) =>
        providers.Find(name) ?? throw Problems.UnknownProvider.With($"One cannot sign in with {name} here.");

    // A page of the web client, as it is registered at the provider; never what a request asks for.
    private string RedirectOf(OpenIdProvider provider) => $"{options.WebBaseUrl}/sign-in/callback/{provider.Name}";

    private static string PartitionOf(string state) => $"STATE_{Guard.Hash(state)}";

    private static ProblemException LinkOver() => Problems.InvalidOneTimeToken.With("The offer is over. Sign in again.");

    [NotAudited("It lives for the minutes of a sign-in.")]
    private sealed record StateDocument(
        string Id, string User, string Provider, string Nonce, string Verifier, string Binding, DateTimeOffset ExpiresAt,
        int Ttl)
    {
        public string Type { get; init; } = "state";
    }
}
