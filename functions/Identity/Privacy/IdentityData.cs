using System.Runtime.CompilerServices;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>The account itself and everything in its partition: it goes last, since the other steps look people up by it.</summary>
public sealed class IdentityData(
    IdentityDocuments documents, AccountStore accounts, ProfileStore profiles, MembershipStore memberships,
    ApiKeys keys, SessionStore sessions, SessionGuard guard) : IPersonalData
{
    // What says that there is nobody any more stays.
    private const string Kept = "c.id NOT IN ('dataKey', 'erasure')";

    public string Slice => "identity";

    public async IAsyncEnumerable<PersonalItem> ExportAsync(
        Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        if ((await accounts.FindAsync(person.User, cancellationToken))?.Document is { } account)
        {
            yield return new("account", new
            {
                account.User,
                account.Email,
                account.EmailVerified,
                account.CreatedAt,
                SecondFactor = account.NeedsCode,
                Logins = account.Logins.Select(login => new { login.Provider, login.At }),
            });
        }

        yield return new("profile", await profiles.ReadAsync(person.User, cancellationToken));
        foreach (Membership one in await memberships.OfUserAsync(person.User, cancellationToken))
        {
            yield return new("membership", one);
        }

        foreach (Session one in await sessions.ReadAsync(person.User, cancellationToken))
        {
            yield return new("session", new { one.Id, one.StartedAt, one.SeenAt, one.Device, one.Address });
        }

        foreach (ApiKeyView one in await keys.ListAsync(person.User, cancellationToken))
        {
            yield return new("apiKey", one);
        }
    }

    /// <summary>Nobody signs in as this user any more.</summary>
    internal async Task CloseAsync(string user, CancellationToken cancellationToken)
    {
        while (await accounts.FindAsync(user, cancellationToken) is { } read)
        {
            Account closed = read.Document with { Password = null, SecondFactor = null, EmailVerified = false };
            if (await accounts.ReplaceAsync(read, closed, null, endSessions: true, cancellationToken))
            {
                break;
            }
        }

        guard.Forget(user);
    }

    public async Task EraseAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        if ((await accounts.FindAsync(person.User, cancellationToken))?.Document is { } account)
        {
            foreach (string leading in AccountStore.PartitionsTo(account))
            {
                await documents.DeleteAllAsync(leading, "true", cancellationToken);
            }
        }

        // Members of the person's own tenant know it by the person's address.
        await documents.BlankAllAsync(
            null, "c.type = 'membership' AND c.tenant = @tenant AND c.user != @user",
            [PatchOperation.Set("/name", ErasedDocuments.Mark), ChangeStamp.Patch("membership")], cancellationToken,
            ("@tenant", Membership.OwnTenantOf(person.User)), ("@user", person.User));
        foreach (string tenant in person.Tenants)
        {
            await documents.DeleteAllAsync(tenant, "c.id != 'dataKey'", cancellationToken);
        }

        await documents.DeleteAllAsync(person.User, $"{Kept} AND c.id != 'account'", cancellationToken);
        await documents.DeleteAllAsync(person.User, Kept, cancellationToken);
        guard.Forget(person.User);
    }
}
