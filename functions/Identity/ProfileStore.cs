using System.Net;
using FinVault.Platform;
using FinVault.Uploads;
using Microsoft.Azure.Cosmos;

namespace FinVault.Identity;

/// <summary>What a user shows of themselves.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="DisplayName">Null until the user gives one.</param>
/// <param name="PictureUrl">The confirmed profile picture; null until there is one.</param>
public sealed record Profile(string UserId, string? DisplayName, Uri? PictureUrl);

/// <summary>Profiles, one document in the user's partition. Each change is a patch of one field, never a rewrite.</summary>
public sealed class ProfileStore(CosmosClient cosmos)
{
    private const string Id = "profile";

    private readonly Container _identity = cosmos.GetContainer(Containers.Database, Containers.Identity);

    public async Task<Profile> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _identity.ReadItemStreamAsync(
            Id, new PartitionKey(userId), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? new Profile(userId, null, null)
            : (await Json.ReadAsync<ProfileDocument>(response, cancellationToken)).View();
    }

    public Task SetNameAsync(string userId, string name, CancellationToken cancellationToken) =>
        SetAsync(userId, PatchOperation.Set("/displayName", name), cancellationToken);

    public Task SetPictureAsync(string userId, Uri url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        return SetAsync(userId, PatchOperation.Set("/pictureUrl", url.AbsoluteUri), cancellationToken);
    }

    private async Task SetAsync(string userId, PatchOperation change, CancellationToken cancellationToken)
    {
        PartitionKey partition = new(userId);
        while (true)
        {
            try
            {
                await _identity.PatchItemAsync<ProfileDocument>(
                    Id, partition, [change], cancellationToken: cancellationToken);
                return;
            }
            catch (CosmosException missing) when (missing.StatusCode == HttpStatusCode.NotFound)
            {
                await CreateAsync(userId, partition, cancellationToken);
            }
        }
    }

    private async Task CreateAsync(string userId, PartitionKey partition, CancellationToken cancellationToken)
    {
        try
        {
            await _identity.CreateItemAsync(
                new ProfileDocument(Id, userId, null, null), partition, cancellationToken: cancellationToken);
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            // Somebody made it first, which is as good.
        }
    }

    private sealed record ProfileDocument(string Id, string User, string? DisplayName, Uri? PictureUrl)
    {
        public Profile View() => new(User, DisplayName, PictureUrl);
    }
}

/// <summary>A profile picture: everybody's own.</summary>
public sealed class ProfilePictureTarget(ProfileStore profiles) : IUploadTarget
{
    public string Kind => UploadKind.ProfilePicture;

    public Task<bool> AllowsAsync(CurrentUser user, string entityId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Task.FromResult(user.UserId == entityId);
    }

    public Task AttachAsync(Upload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        return profiles.SetPictureAsync(upload.EntityId, upload.Url!, cancellationToken);
    }
}
