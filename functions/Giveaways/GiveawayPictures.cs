using FinVault.Platform;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways;

/// <summary>The pictures of a giveaway and of its lines of prizes, which their tenant alone may upload.</summary>
public sealed class GiveawayPictures(CosmosClient cosmos)
{
    private readonly EntityOwners _owners =
        new(cosmos.GetContainer(Containers.Database, Containers.Giveaways), "/giveaway");

    /// <summary>Makes the ids the tenant's before anybody else learns them.</summary>
    public Task ClaimAsync(Giveaway giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        return Task.WhenAll(Entities(giveaway).Select(
            entity => _owners.ClaimAsync(entity, giveaway.Tenant, cancellationToken)));
    }

    /// <summary>The picture of the giveaway and of each line that has one, by their ids.</summary>
    public async Task<IReadOnlyDictionary<string, Uri>> ReadAsync(
        Giveaway giveaway, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(giveaway);
        Dictionary<string, Uri> pictures = [];
        foreach (string entity in Entities(giveaway))
        {
            EntityFiles? files = await _owners.ReadAsync(entity, cancellationToken);
            string kind = entity == giveaway.Id ? UploadKind.EventImage : UploadKind.PrizeImage;
            if (files is not null && files.Tenant == giveaway.Tenant && files.Urls.TryGetValue(kind, out Uri? url))
            {
                pictures[entity] = url;
            }
        }

        return pictures;
    }

    private static IEnumerable<string> Entities(Giveaway giveaway) =>
        giveaway.Plan.Prizes.Select(line => line.Id).OfType<string>().Prepend(giveaway.Id);
}
