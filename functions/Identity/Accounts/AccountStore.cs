using FinVault.Audit;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>
/// Accounts, each in its user's partition, and what leads to them: a document in the partition of the e-mail address's
/// hash, and one for each login elsewhere. That such a document can be made only once is what makes them unique.
/// </summary>
public sealed class AccountStore(
    IdentityDocuments documents, MembershipStore memberships, SessionStore sessions, TimeProvider time)
{
    private const string PointerId = "pointer";

    // Whoever made a pointer and died before the account was there has had time enough.
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(5);

    /// <summary>The partitions that lead to an account.</summary>
    internal static IEnumerable<string> PartitionsTo(Account account) =>
        account.Logins.Select(login => LoginPartition(login.Provider, login.Subject)).Prepend(EmailPartition(account.Email));

    internal static string EmailPartition(string email) => $"EMAIL_{Guard.Hash(email)}";

    internal async Task<Versioned<Account>?> FindAsync(string user, CancellationToken cancellationToken) =>
        await documents.FindVersionedAsync<Account>(user, Account.DocumentId, cancellationToken);

    internal Task<Versioned<Account>?> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        FindByPointerAsync(EmailPartition(email), cancellationToken);

    internal Task<Versioned<Account>?> FindByLoginAsync(
        string provider, string subject, CancellationToken cancellationToken) =>
        FindByPointerAsync(LoginPartition(provider, subject), cancellationToken);

    /// <summary>
    /// Makes an account with a tenant of its own, and has it told. False when the address has an account already.
    /// </summary>
    internal async Task<bool> CreateAsync(Account account, string? message, CancellationToken cancellationToken)
    {
        if (!await ClaimAsync(EmailPartition(account.Email), account.User, cancellationToken))
        {
            return false;
        }

        string tenant = Membership.OwnTenantOf(account.User);
        await memberships.CreateTenantAsync(tenant, account.Email, account.User, cancellationToken);
        TransactionalBatch batch = documents.Batch(account.User).CreateItem(account);
        memberships.Create(batch, account.User, tenant, account.Email, Roles.User);
        Tell(batch, account.User, message);
        return (await IdentityDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>Puts an account in the place of the one that was read; false when it has changed since.</summary>
    /// <param name="message">What the owner is to be told by mail, if anything.</param>
    /// <param name="endSessions">Whether everybody who has signed in as this user is out.</param>
    internal async Task<bool> ReplaceAsync(
        Versioned<Account> read, Account next, string? message, bool endSessions, CancellationToken cancellationToken)
    {
        TransactionalBatch batch = documents.Batch(next.User)
            .ReplaceItem(next.Id, next, new TransactionalBatchItemRequestOptions { IfMatchEtag = read.ETag });
        if (endSessions)
        {
            sessions.EndAll(batch, next.User);
        }

        Tell(batch, next.User, message);
        return (await IdentityDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    internal Task RememberTenantAsync(string user, string tenant, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            user, Account.DocumentId, null, cancellationToken, PatchOperation.Set("/tenant", tenant),
            ChangeStamp.Patch("account"));

    /// <summary>Has the owner told something that changes nothing.</summary>
    internal Task TellAsync(string user, string message, CancellationToken cancellationToken) =>
        documents.CreateAsync(user, IdentityMails.Order(user, message, time), cancellationToken);

    /// <summary>Has an event recorded that changes nothing.</summary>
    /// <param name="partition">A user's, or that of an e-mail address that may be nobody's.</param>
    internal Task RecordAsync(string partition, string name, object? details, CancellationToken cancellationToken) =>
        documents.CreateAsync(
            partition,
            AuditMessages.OfUser(
                partition,
                new(
                    "user", partition, name,
                    Ids.IsValid(partition, "USER") ? Membership.OwnTenantOf(partition) : null, Details: details),
                time),
            cancellationToken);

    /// <summary>Lets a login elsewhere lead to a user; false when it leads to another one.</summary>
    internal Task<bool> ClaimLoginAsync(
        string provider, string subject, string user, CancellationToken cancellationToken) =>
        ClaimAsync(LoginPartition(provider, subject), user, cancellationToken);

    /// <summary>Lets a login elsewhere lead nowhere, if it led to this user.</summary>
    internal async Task ReleaseLoginAsync(
        string provider, string subject, string user, CancellationToken cancellationToken)
    {
        string partition = LoginPartition(provider, subject);
        if (await documents.FindVersionedAsync<Pointer>(partition, PointerId, cancellationToken) is { } pointer
            && pointer.Document.Owner == user)
        {
            await documents.DeleteAsync(partition, PointerId, pointer.ETag, cancellationToken);
        }
    }

    private static string LoginPartition(string provider, string subject) =>
        $"LOGIN_{Guard.Hash($"{provider}\n{subject}")}";

    private void Tell(TransactionalBatch batch, string user, string? message)
    {
        if (message is not null)
        {
            batch.CreateItem(IdentityMails.Order(user, message, time));
        }
    }

    private async Task<bool> ClaimAsync(string partition, string user, CancellationToken cancellationToken)
    {
        Pointer claim = new(PointerId, partition, user, time.GetUtcNow());
        while (!await documents.CreateAsync(partition, claim, cancellationToken))
        {
            Versioned<Pointer>? there = await documents.FindVersionedAsync<Pointer>(partition, PointerId, cancellationToken);
            if (there?.Document.Owner == user)
            {
                return true;
            }

            bool free = there is not null && there.Document.At + Abandoned < claim.At
                && await FindAsync(there.Document.Owner, cancellationToken) is null;
            if (there is not null)
            {
                return free && await documents.ReplaceAsync(partition, PointerId, claim, there.ETag, cancellationToken);
            }
        }

        return true;
    }

    private async Task<Versioned<Account>?> FindByPointerAsync(string partition, CancellationToken cancellationToken) =>
        await documents.FindVersionedAsync<Pointer>(partition, PointerId, cancellationToken) is { } pointer
            ? await FindAsync(pointer.Document.Owner, cancellationToken)
            : null;

    [NotAudited("It follows from the account, which is.")]
    private sealed record Pointer(string Id, string User, string Owner, DateTimeOffset At)
    {
        public string Type { get; init; } = "pointer";
    }
}
