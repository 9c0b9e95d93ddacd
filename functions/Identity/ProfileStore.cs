using FinVault.Audit;
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
public sealed class ProfileStore(IdentityDocuments documents)
{
    private const string Id = "profile";

    public async Task<Profile> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        ProfileDocument? profile = await documents.FindAsync<ProfileDocument>(userId, Id, cancellationToken);
        return profile?.View() ?? new Profile(userId, null, null);
    }

    public Task SetNameAsync(string userId, string name, CancellationToken cancellationToken) =>
        SetAsync(
            PatchOperation.Set("/displayName", name), new ProfileDocument(Id, userId, name, null), cancellationToken);

    /// <summary>Sets the name back, if nothing has changed since; false when something has.</summary>
    /// <param name="stamp">Of the last change, see <see cref="ChangeStamp"/>.</param>
    internal Task<bool> RestoreNameAsync(string userId, string? name, string stamp, CancellationToken cancellationToken) =>
        documents.PatchAsync(
            userId, Id, $"FROM c WHERE {ChangeStamp.Unchanged(stamp)}", cancellationToken,
            PatchOperation.Set("/displayName", name), ChangeStamp.Patch("profile"));

    public Task SetPictureAsync(string userId, Uri url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        return SetAsync(
            PatchOperation.Set("/pictureUrl", url.AbsoluteUri), new ProfileDocument(Id, userId, null, url), cancellationToken);
    }

    private async Task SetAsync(PatchOperation change, ProfileDocument first, CancellationToken cancellationToken)
    {
        while (!await documents.PatchAsync(first.User, Id, null, cancellationToken, change, ChangeStamp.Patch("profile"))
            && !await documents.CreateAsync(first.User, first, cancellationToken))
        {
            // Somebody made it between the two.
        }
    }

    [Audited("profile", Containers.Identity, Subject = "user", Tenant = "user")]
    private sealed record ProfileDocument(string Id, string User, string? DisplayName, Uri? PictureUrl)
    {
        public string Type { get; init; } = "profile";

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
