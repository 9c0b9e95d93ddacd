using FinVault.Audit;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>Memberships stand in their user's partition, one document a tenant; tenants in partitions of their own.</summary>
public sealed class MembershipStore(IdentityDocuments documents, TimeProvider time)
{
    internal async Task<IReadOnlyList<Membership>> OfUserAsync(string user, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(user, cancellationToken)).Select(one => one.View())];

    internal async Task<IReadOnlyList<Membership>> OfTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition("SELECT * FROM c WHERE c.type = 'membership' AND c.tenant = @tenant")
            .WithParameter("@tenant", tenant);
        List<Membership> all = [];
        await foreach (MembershipDocument one in documents.QueryAsync<MembershipDocument>(null, query, cancellationToken))
        {
            all.Add(one.View());
        }

        return all;
    }

    /// <summary>Adds a membership to a batch of the user's.</summary>
    internal void Create(TransactionalBatch batch, string user, string tenant, string name, params string[] roles) =>
        batch.CreateItem(Document(user, tenant, name, roles));

    internal async Task<Versioned<Membership>?> FindAsync(string user, string tenant, CancellationToken cancellationToken) =>
        await documents.FindVersionedAsync<MembershipDocument>(user, MembershipDocument.IdOf(tenant), cancellationToken) is { } found
            ? new(found.Document.View(), found.ETag)
            : null;

    /// <summary>Gives a user exactly these roles in a tenant.</summary>
    /// <param name="etag">Of the membership that was looked at; null when there was none.</param>
    /// <returns>False when somebody else changed it meanwhile.</returns>
    internal async Task<bool> SetAsync(
        string user, string tenant, string name, IReadOnlyList<string> roles, string? etag,
        CancellationToken cancellationToken)
    {
        MembershipDocument next = Document(user, tenant, name, roles);
        TransactionalBatch batch = documents.Batch(user);
        if (etag is null)
        {
            batch.CreateItem(next);
        }
        else
        {
            MembershipDocument? had = await documents.FindAsync<MembershipDocument>(user, next.Id, cancellationToken);
            batch.ReplaceItem(next.Id, next with { Place = had?.Place }, new() { IfMatchEtag = etag });
        }

        batch.CreateItem(Told(next));
        return (await IdentityDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>False when the user is no member.</summary>
    internal async Task<bool> RemoveAsync(string user, string tenant, CancellationToken cancellationToken) =>
        await documents.FindAsync<MembershipDocument>(user, MembershipDocument.IdOf(tenant), cancellationToken) is { } had
        && await documents.DeleteAuditedAsync(
            user, MembershipDocument.Kind, had.Id, tenant, time, cancellationToken, had.Place);

    /// <summary>Makes a tenant, and the user a member with these roles in one of the places that they have for that.</summary>
    /// <param name="most">How many tenants a user makes one within.</param>
    /// <returns>False when the user is in as many.</returns>
    internal async Task<bool> FoundAsync(
        string user, string tenant, string name, IReadOnlyList<string> roles, int most,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<MembershipDocument> there = await ReadAsync(user, cancellationToken);
        if (there.Count >= most)
        {
            return false;
        }

        // First the tenant, which nobody is in until they are a member.
        await CreateTenantAsync(tenant, name, user, cancellationToken);
        MembershipDocument first = Document(user, tenant, name, roles);
        if (await documents.CreateInPlaceAsync(
            user, MembershipDocument.Kind, [.. there.Select(one => one.Place)], most, UsersPlace.ForEver,
            (batch, place) => batch.CreateItem(first with { Place = place }).CreateItem(Told(first)), cancellationToken))
        {
            return true;
        }

        await documents.DeleteAuditedAsync(tenant, "tenant", "tenant", tenant, time, cancellationToken);
        return false;
    }

    internal Task CreateTenantAsync(string tenant, string name, string owner, CancellationToken cancellationToken) =>
        documents.CreateAsync(tenant, new TenantDocument("tenant", tenant, name, owner, time.GetUtcNow()), cancellationToken);

    /// <summary>The name of a tenant; null when there is none.</summary>
    internal async Task<string?> NameOfAsync(string tenant, CancellationToken cancellationToken) =>
        (await documents.FindVersionedAsync<TenantDocument>(tenant, "tenant", cancellationToken))?.Document.Name;

    private async Task<IReadOnlyList<MembershipDocument>> ReadAsync(string user, CancellationToken cancellationToken)
    {
        QueryDefinition query = new("SELECT * FROM c WHERE c.type = 'membership'");
        List<MembershipDocument> all = [];
        await foreach (MembershipDocument one in documents.QueryAsync<MembershipDocument>(user, query, cancellationToken))
        {
            all.Add(one);
        }

        return all;
    }

    private OutboxMessage Told(MembershipDocument of) => AuditMessages.OfUser(
        of.User,
        new("user", of.User, "identity.rolesChanged", of.Tenant, Details: new { of.Tenant, of.Roles }),
        time);

    private MembershipDocument Document(string user, string tenant, string name, IReadOnlyList<string> roles) =>
        new(MembershipDocument.IdOf(tenant), user, tenant, name, roles, time.GetUtcNow());

    [Audited(MembershipDocument.Kind, Containers.Identity, Subject = "user")]
    private sealed record MembershipDocument(
        string Id, string User, string Tenant, string Name, IReadOnlyList<string> Roles, DateTimeOffset At)
    {
        public const string Kind = "membership";

        public string Type { get; init; } = Kind;

        /// <summary>The user's place that it takes; null of one that others gave, or that is older than places.</summary>
        public int? Place { get; init; }

        public static string IdOf(string tenant) => $"MEMBER_{tenant}";

        public Membership View() => new(User, Tenant, Name, Roles, At);
    }

    /// <summary>Its partition is called user in this container, and is the tenant's id.</summary>
    [Audited("tenant", Containers.Identity, Subject = "user", Tenant = "user")]
    private sealed record TenantDocument(string Id, string User, string Name, string Owner, DateTimeOffset At)
    {
        public string Type { get; init; } = "tenant";
    }
}
