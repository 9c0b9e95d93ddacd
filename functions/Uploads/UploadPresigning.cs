using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Uploads;

/// <summary>
/// Presign, put, confirm: a URL for one blob in quarantine, and the check of what came of it. Nothing of a file passes
/// through here but the stream that is read once to be checked.
/// </summary>
public sealed class UploadPresigning(
    UploadStore store, UploadBlobs blobs, UploadTargets targets, UploadOptions options, TimeProvider time)
{
    /// <summary>Opens an upload and signs its URL.</summary>
    /// <exception cref="ProblemException">Refused: the declaration, the caller's right, or the quota.</exception>
    public async Task<SignedUpload> PresignAsync(
        CurrentUser user, UploadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        blobs.EnsureAvailable();
        UploadKind kind = Check(request);
        if (!await targets.Of(kind).AllowsAsync(user, request.EntityId, cancellationToken))
        {
            throw Problems.UploadNotAllowed.With($"You may not upload {kind.Name} for {request.EntityId}.");
        }

        DateTimeOffset now = time.GetUtcNow();
        Upload upload = new(
            Ids.New("UPLOAD", now), user.UserId, user.TenantId, kind.Name, request.EntityId, request.ContentType,
            request.Bytes, request.Sha256, UploadState.Issued, now, now.AddSeconds(options.UploadSeconds));
        await store.AddAsync(upload, cancellationToken);
        return await SignAsync(upload, [], cancellationToken);
    }

    /// <summary>A new URL for an upload that is under way, and which of its blocks are there already.</summary>
    /// <exception cref="ProblemException">unknown_upload, upload_expired, or what it was refused for.</exception>
    public async Task<SignedUpload> ResumeAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        Upload upload = await OpenAsync(user, id, cancellationToken);
        IReadOnlyDictionary<string, long> there = upload.Bytes > UploadKind.BlockBytes
            ? await blobs.BlocksAsync(upload, cancellationToken)
            : new Dictionary<string, long>();
        return await SignAsync(upload, there.Keys, cancellationToken);
    }

    /// <summary>Checks the uploaded file and, if it is what was declared, moves it to its place. May be repeated.</summary>
    /// <exception cref="ProblemException">
    /// unknown_upload, upload_missing, upload_expired, upload_size_mismatch, upload_type_mismatch, upload_checksum_mismatch.
    /// </exception>
    public async Task<ConfirmedUpload> ConfirmAsync(
        CurrentUser user, string objectKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(objectKey);
        string id = objectKey.StartsWith(UploadBlobs.Quarantine + "/", StringComparison.Ordinal)
            ? objectKey[(UploadBlobs.Quarantine.Length + 1)..]
            : objectKey;
        Upload upload = await FindAsync(user, id, cancellationToken);
        if (upload.State == UploadState.Confirmed)
        {
            return new ConfirmedUpload(upload.Id, objectKey, upload.Url!);
        }

        UploadKind kind = options.Kinds[upload.Kind];
        BlockBlobClient target = blobs.Final(ThrowUnlessOpen(upload), kind);
        if (!await target.ExistsAsync(cancellationToken))
        {
            ETag verified = await VerifyAsync(upload, cancellationToken);
            await PublishAsync(upload, target, verified, cancellationToken);
        }

        // The entity first: a confirmation that dies here is repeated, and the entity takes the same URL twice.
        await targets.Of(kind).AttachAsync(user, upload.EntityId, target.Uri, cancellationToken);
        await blobs.Waiting(upload).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await store.CloseAsync(upload with { State = UploadState.Confirmed, Url = target.Uri }, cancellationToken);
        return new ConfirmedUpload(upload.Id, objectKey, target.Uri);
    }

    /// <summary>Ends an upload that is over and removes what came of it.</summary>
    public async Task ExpireAsync(Upload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        if (await store.CloseAsync(upload with { State = UploadState.Expired }, cancellationToken))
        {
            await blobs.Waiting(upload).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
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

        if (request.Bytes < 1 || request.Sha256.Length != 64 || !request.Sha256.All(char.IsAsciiHexDigitLower))
        {
            throw Problems.InvalidUpload.With("bytes is 1 or more, sha256 is 64 lower-case hexadecimal digits.");
        }

        if (request.EntityId.Length is 0 or > 100 || !request.EntityId.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw Problems.InvalidUpload.With("entityId is an id.");
        }

        return request.Bytes <= kind.MaxBytes
            ? kind
            : throw Problems.UploadTooLarge.With($"{kind.Name} has {kind.MaxBytes} bytes at most.");
    }

    private async Task<ETag> VerifyAsync(Upload upload, CancellationToken cancellationToken)
    {
        BlockBlobClient blob = blobs.Waiting(upload);
        BlobProperties properties;
        try
        {
            properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            throw Problems.UploadMissing.With("Put the file to its URL first.");
        }

        if (properties.ContentLength != upload.Bytes)
        {
            throw await RefuseAsync(
                upload, Problems.UploadSizeMismatch, $"It has {properties.ContentLength} bytes, {upload.Bytes} were declared.",
                cancellationToken);
        }

        BlobOpenReadOptions whole = new(allowModifications: false)
        {
            Conditions = new BlobRequestConditions { IfMatch = properties.ETag },
        };
        await using Stream file = await blob.OpenReadAsync(whole, cancellationToken);
        FileCheck check = await FileCheck.OfAsync(file, cancellationToken);
        return check.ContentType != upload.ContentType || properties.ContentType != upload.ContentType
            ? throw await RefuseAsync(
                upload, Problems.UploadTypeMismatch, $"It is not {upload.ContentType}.", cancellationToken)
            : check.Sha256 != upload.Sha256
            ? throw await RefuseAsync(
                upload, Problems.UploadChecksumMismatch, "Its SHA-256 is not the declared one.", cancellationToken)
            : properties.ETag;
    }

    private async Task PublishAsync(
        Upload upload, BlockBlobClient target, ETag verified, CancellationToken cancellationToken)
    {
        try
        {
            await blobs.PublishAsync(upload, target, verified, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            throw await RefuseAsync(
                upload, Problems.UploadChecksumMismatch, "It was changed while it was checked.", cancellationToken);
        }
    }

    private async Task<ProblemException> RefuseAsync(
        Upload upload, ProblemDefinition problem, string detail, CancellationToken cancellationToken)
    {
        await store.CloseAsync(
            upload with { State = UploadState.Refused, Refusal = problem.Code }, cancellationToken);
        await blobs.Waiting(upload).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        return problem.With(detail);
    }

    private async Task<Upload> FindAsync(CurrentUser user, string id, CancellationToken cancellationToken) =>
        (Ids.IsValid(id, "UPLOAD") ? await store.FindAsync(user.UserId, id, cancellationToken) : null)
        ?? throw Problems.UnknownUpload.With("You have no upload of that key.");

    private async Task<Upload> OpenAsync(CurrentUser user, string id, CancellationToken cancellationToken) =>
        ThrowUnlessOpen(await FindAsync(user, id, cancellationToken));

    private Upload ThrowUnlessOpen(Upload upload) => upload.State switch
    {
        UploadState.Issued when time.GetUtcNow() < upload.ExpiresAt => upload,
        UploadState.Refused => throw Problems.WithCode(upload.Refusal!).With("The file was refused and removed. Start again."),
        _ => throw Problems.UploadExpired.With("Start again."),
    };

    private async Task<SignedUpload> SignAsync(
        Upload upload, IEnumerable<string> blocksThere, CancellationToken cancellationToken)
    {
        (Uri url, DateTimeOffset expires) = await blobs.SignAsync(upload, cancellationToken);
        return SignedUpload.Of(upload, url, expires, [.. blocksThere]);
    }
}
