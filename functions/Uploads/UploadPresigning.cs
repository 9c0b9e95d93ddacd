using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Uploads;

/// <summary>Presign and resume: a URL for one blob in quarantine, for whoever may upload what they declare.</summary>
public sealed class UploadPresigning(
    UploadStore store, UploadBlobs blobs, UploadTargets targets, UploadOptions options, TimeProvider time)
{
    private const int Sha256Digits = 64;
    private const int MaxEntityIdLength = 100;

    private static readonly Dictionary<string, long> NoBlocks = [];

    /// <summary>Opens an upload and signs its URL.</summary>
    /// <exception cref="ProblemException">Refused: the declaration, the caller's right, or the quota.</exception>
    public async Task<SignedUpload> PresignAsync(
        CurrentUser user, UploadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(request);
        blobs.EnsureAvailable();
        UploadKind kind = Check(request);
        if (!await targets.Of(kind).AllowsAsync(user, request.EntityId, cancellationToken))
        {
            throw Problems.UploadNotAllowed.With($"You may not upload {kind.Name} for {request.EntityId}.");
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset over = now.AddSeconds(options.UploadSeconds);
        Upload upload = new(
            Ids.New("UPLOAD", now), user.UserId, user.TenantId, kind.Name, request.EntityId, request.ContentType,
            request.Bytes, request.Sha256, UploadState.Issued, now, over, DueAt: over);
        await store.AddAsync(upload, cancellationToken);
        (Uri url, DateTimeOffset expires) = await blobs.SignAsync(upload, cancellationToken);
        return SignedUpload.Of(upload, url, expires, NoBlocks, complete: false);
    }

    /// <summary>A new URL for an upload that is under way, and what of it is there already.</summary>
    /// <exception cref="ProblemException">unknown_upload, upload_expired, or what it was refused for.</exception>
    public async Task<SignedUpload> ResumeAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        Upload upload = await FindAsync(user, id, cancellationToken);
        bool complete = !Uploading(upload)
            || (await blobs.FindAsync(upload, cancellationToken))?.ContentLength == upload.Bytes;
        IReadOnlyDictionary<string, long> there = upload.InBlocks && Uploading(upload)
            ? await blobs.BlocksAsync(upload, cancellationToken)
            : NoBlocks;
        (Uri url, DateTimeOffset expires) = await blobs.SignAsync(upload, cancellationToken);
        return SignedUpload.Of(upload, url, expires, there, complete);
    }

    /// <summary>The user's own upload.</summary>
    /// <exception cref="ProblemException">unknown_upload, also for somebody else's.</exception>
    public async Task<Upload> FindAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return (Ids.IsValid(id, "UPLOAD") ? await store.FindAsync(user.UserId, id, cancellationToken) : null)
            ?? throw Problems.UnknownUpload.With("You have no upload of that key.");
    }

    /// <summary>Whether the file may still be sent; false when it is in its place already.</summary>
    /// <exception cref="ProblemException">upload_expired, or what it was refused for.</exception>
    public bool Uploading(Upload upload)
    {
        ArgumentNullException.ThrowIfNull(upload);
        return upload.State switch
        {
            UploadState.Issued when time.GetUtcNow() < upload.ExpiresAt => true,
            UploadState.Published or UploadState.Confirmed => false,
            UploadState.Refused => throw Problems.WithCode(upload.Refusal!)
                .With("The file was refused and removed. Start again."),
            _ => throw Problems.UploadExpired.With("Start again."),
        };
    }

    private UploadKind Check(UploadRequest request)
    {
        if (!options.Kinds.TryGetValue(request.Kind, out UploadKind? kind))
        {
            throw Problems.UnknownUploadKind.With($"kind is one of {string.Join(", ", options.Kinds.Keys)}.");
        }

        if (!kind.ContentTypes.Contains(request.ContentType))
        {
            throw Problems.UploadTypeRefused.With($"{kind.Name} is {string.Join(" or ", kind.ContentTypes)}.");
        }

        if (request.Bytes < 1 || request.Sha256.Length != Sha256Digits || !request.Sha256.All(char.IsAsciiHexDigitLower))
        {
            throw Problems.InvalidUpload.With("bytes is 1 or more, sha256 is 64 lower-case hexadecimal digits.");
        }

        if (request.EntityId.Length is 0 or > MaxEntityIdLength
            || !request.EntityId.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw Problems.InvalidUpload.With("entityId is an id.");
        }

        return request.Bytes <= kind.MaxBytes
            ? kind
            : throw Problems.UploadTooLarge.With($"{kind.Name} has {kind.MaxBytes} bytes at most.");
    }
}
