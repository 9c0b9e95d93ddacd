using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>A merchant's document: uploaded by a merchant of the tenant that it belongs to. Nobody reads it by its URL alone.</summary>
public sealed class MerchantDocumentTarget(CosmosClient cosmos) : IUploadTarget
{
    private readonly Container _escrow = cosmos.GetContainer(Containers.Database, Containers.Escrow);

    public string Kind => UploadKind.MerchantDocument;

    // Also before the merchant has said who it is: its tenant tells its id.
    public Task<bool> AllowsAsync(CurrentUser user, string entityId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Task.FromResult(user.Has(Roles.Merchant) && entityId == Merchant.IdOf(user.TenantId));
    }

    /// <summary>Keeps a document of its own for each, named as its upload: a merchant has many, and none replaces another.</summary>
    public Task AttachAsync(Upload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        MerchantDocument document = new(upload.Id, upload.Tenant, upload.EntityId, upload.Url!, upload.Sha256, upload.Bytes);
        return _escrow.UpsertItemAsync(document, new PartitionKey(upload.Tenant), cancellationToken: cancellationToken);
    }
}

/// <summary>A document that a merchant has handed in.</summary>
/// <param name="Id">The upload's.</param>
/// <param name="Tenant">Whose merchant it is; the partition.</param>
/// <param name="Merchant"><c>MERCHANT_&lt;ULID&gt;</c>.</param>
/// <param name="Url">In a container that nobody reads without a signature.</param>
/// <param name="Sha256">Of its bytes, lower-case hex.</param>
/// <param name="Bytes">Its size.</param>
[NotAudited("It is never changed, and its upload is checked; the merchant is audited.")]
public sealed record MerchantDocument(string Id, string Tenant, string Merchant, Uri Url, string Sha256, long Bytes);
