using FinVault.Identity;

namespace FinVault.Uploads;

/// <summary>
/// What an upload is for. The slice that owns the entity says who may upload and keeps the URL; a kind has one target.
/// </summary>
public interface IUploadTarget
{
    /// <summary>The kind of <see cref="UploadKind"/> that it takes.</summary>
    string Kind { get; }

    /// <summary>Whether the entity exists for this user and the user may upload this kind for it.</summary>
    Task<bool> AllowsAsync(CurrentUser user, string entityId, CancellationToken cancellationToken);

    /// <summary>Keeps the URL of a published upload. May be called again with the same one.</summary>
    Task AttachAsync(Upload upload, CancellationToken cancellationToken);
}
