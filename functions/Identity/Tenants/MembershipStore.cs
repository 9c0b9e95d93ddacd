using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>Memberships stand in their user's partition, one document a tenant; tenants in partitions of their own.</summary>
public sealed class MembershipStore(IdentityDocuments documents, TimeProvider time)
{
    internal async Task<IReadOnlyList<Membership>> OfUserAsync(string user, CancellationToken cancellationToken)
    {
        QueryDefinition query = new("SELECT * FROM c WHERE c.type = 'membership'");
        List<Membership> all = [];
        await foreach (MembershipDocument one in documents.QueryAsync<MembershipDocument>(user, query, cancellationToken))
        {
            all.Add(one.View());
        }

        return all;
    }

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
        _ = etag is null
            ? batch.CreateItem(next)
            : batch.ReplaceItem(next.Id, next, new() { IfMatchEtag = etag });
        AuditEvent told = new(
            "user", user, "identity.rolesChanged", tenant, Details: new { Tenant = tenant, Roles = roles });
        batch.CreateItem(AuditMessages.OfUser(user, told, time));
        return (await IdentityDocuments.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    internal Task<bool> RemoveAsync(string user, string tenant, CancellationToken cancellationToken) =>
        documents.DeleteAuditedAsync(
            user, "membership", MembershipDocument.IdOf(tenant), tenant, time, cancellationToken);

    internal Task CreateTenantAsync(string tenant, string name, string owner, CancellationToken cancellationToken) =>
        documents.CreateAsync(tenant, new TenantDocument("tenant", tenant, name, owner, time.GetUtcNow()), cancellationToken);

    /// <summary>The name of a tenant; null when there is none.</summary>
    internal async Task<string?> NameOfAsync(string tenant, CancellationToken cancellationToken) =>
        (await documents.FindVersionedAsync<TenantDocument>(tenant, "tenant", cancellationToken))?.Document.Name;

    private MembershipDocument Document(string user, string tenant, string name, IReadOnlyList<string> roles) =>
        new(MembershipDocument.IdOf(tenant), user, tenant, name, roles, time.GetUtcNow());

    [Audited("membership", Containers.Identity, Subject = "user")]
    private sealed record MembershipDocument(
        string Id, string User, string Tenant, string Name, IReadOnlyList<string> Roles, DateTimeOffset At)
    {
        public string Type { get; init; } = "membership";

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
