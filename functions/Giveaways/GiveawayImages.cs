using FinVault.Identity;
using FinVault.Platform;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>The picture of a giveaway or of a prize: uploaded by a host of the tenant that it belongs to.</summary>
/// <param name="owners">Of the container <see cref="Containers.Giveaways"/>.</param>
/// <param name="kind">The upload's kind.</param>
/// <param name="prefix">Of the entity's ids.</param>
public abstract class GiveawayImageTarget(EntityOwners owners, string kind, string prefix) : IUploadTarget
{
    public string Kind => kind;

    public async Task<bool> AllowsAsync(CurrentUser user, string entityId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Has(Roles.Host) && Ids.IsValid(entityId, prefix)
            && await owners.ClaimAsync(entityId, user.TenantId, cancellationToken);
    }

    public Task AttachAsync(Upload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        return owners.SetUrlAsync(upload.EntityId, kind, upload.Url!, cancellationToken);
    }

    protected static EntityOwners OwnersIn(CosmosClient cosmos) =>
        new(cosmos.GetContainer(Containers.Database, Containers.Giveaways), "/giveaway");
}

public sealed class EventImageTarget(CosmosClient cosmos)
    : GiveawayImageTarget(OwnersIn(cosmos), UploadKind.EventImage, "EVENT");

public sealed class PrizeImageTarget(CosmosClient cosmos)
    : GiveawayImageTarget(OwnersIn(cosmos), UploadKind.PrizeImage, "PRIZE");
