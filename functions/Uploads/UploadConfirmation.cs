using Azure;
using Azure.Storage.Blobs.Models;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Uploads;

/// <summary>
/// What becomes of an upload: its bytes are read once as a stream and checked, what is as declared is copied to its place
/// and told to its entity, the rest is removed. Each step is written only over what was read, and each may be repeated: a
/// confirmation that dies, or runs twice at once, ends as one.
/// </summary>
public sealed class UploadConfirmation(
    UploadStore store, UploadBlobs blobs, UploadTargets targets, UploadPresigning uploads, UploadOptions options,
    TimeProvider time)
{
    private const int MaxAttempts = 10;

    // A process that died between two steps is finished for by the sweeper.
    private static readonly TimeSpan AttachPatience = TimeSpan.FromMinutes(5);

    // Clocks differ.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Checks the uploaded file and, if it is what was declared, moves it to its place. May be repeated.</summary>
    /// <exception cref="ProblemException">
    /// unknown_upload, upload_missing, upload_expired, upload_size_mismatch, upload_type_mismatch, upload_checksum_mismatch.
    /// </exception>
    public async Task<ConfirmedUpload> ConfirmAsync(
        CurrentUser user, string objectKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objectKey);
        string id = objectKey.StartsWith(UploadBlobs.Quarantine + "/", StringComparison.Ordinal)
            ? objectKey[(UploadBlobs.Quarantine.Length + 1)..]
            : objectKey;
        Upload upload = await uploads.FindAsync(user, id, cancellationToken);
        for (int attempt = 0; upload.State != UploadState.Confirmed; attempt++)
        {
            if (attempt == MaxAttempts)
            {
                throw Problems.Unavailable.With("The file keeps changing. Confirm it again once it is whole.");
            }

            Upload? next = uploads.Uploading(upload)
                ? await PublishAsync(upload, cancellationToken)
                : await AttachAsync(upload, cancellationToken);

            // Null: somebody else was first, so see what it has become.
            upload = next ?? await uploads.FindAsync(user, id, cancellationToken);
        }

        return new ConfirmedUpload(upload.Id, upload.ObjectKey, upload.Url!);
    }

    /// <summary>Does what is due: ends an upload that is over, finishes one that was left, removes what came after its end.</summary>
    public async Task SweepAsync(Upload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        switch (upload.State)
        {
            case UploadState.Published:
                await AttachAsync(upload, cancellationToken);
                break;
            case UploadState.Issued:
                Upload expired = upload with { State = UploadState.Expired, DueAt = LastUrlOver() };
                if (await store.ReplaceAsync(upload, expired, cancellationToken) is not null)
                {
                    await RemoveAsync(expired, cancellationToken);
                }

                break;
            default:
                // A URL works after the end of its upload; by now there is none that still does.
                await RemoveAsync(upload, cancellationToken);
                await store.ReplaceAsync(upload, upload with { DueAt = null }, cancellationToken);
                break;
        }
    }

    private async Task<Upload?> PublishAsync(Upload upload, CancellationToken cancellationToken)
    {
        UploadKind kind = options.Kinds[upload.Kind];
        if (await blobs.FindAsync(upload, cancellationToken) is not { } found)
        {
            // Another confirmation may have moved it since the upload was read.
            Upload? now = await store.FindAsync(upload.Owner, upload.Id, cancellationToken);
            return now?.ETag != upload.ETag ? null : throw Problems.UploadMissing.With("Put the file to its URL first.");
        }

        try
        {
            if (await FaultAsync(upload, found, cancellationToken) is { } fault)
            {
                return await RefuseAsync(upload, fault, cancellationToken);
            }

            Uri url = await blobs.PublishAsync(upload, kind, found.ETag, cancellationToken);
            Upload published = upload with
            {
                State = UploadState.Published, Url = url, DueAt = time.GetUtcNow() + AttachPatience,
            };
            return await store.ReplaceAsync(upload, published, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // Written over or removed while it was read: nothing is known of it, so start again from what is there.
            return null;
        }
    }

    private async Task<Upload?> AttachAsync(Upload upload, CancellationToken cancellationToken)
    {
        await targets.Of(options.Kinds[upload.Kind]).AttachAsync(upload, cancellationToken);
        await blobs.RemoveWaitingAsync(upload, cancellationToken);
        return await store.ReplaceAsync(
            upload, upload with { State = UploadState.Confirmed, DueAt = LastUrlOver() }, cancellationToken);
    }

    /// <summary>What is wrong with the file; null for nothing.</summary>
    private async Task<ProblemException?> FaultAsync(
        Upload upload, BlobProperties found, CancellationToken cancellationToken)
    {
        if (found.ContentLength != upload.Bytes)
        {
            return Problems.UploadSizeMismatch.With(
                $"It has {found.ContentLength} bytes, {upload.Bytes} were declared.");
        }

        BlobDownloadOptions verified = new() { Conditions = new BlobRequestConditions { IfMatch = found.ETag } };
        using BlobDownloadStreamingResult file = await blobs.Waiting(upload)
            .DownloadStreamingAsync(verified, cancellationToken);
        FileCheck check = await FileCheck.OfAsync(file.Content, cancellationToken);
        return check.ContentType != upload.ContentType || found.ContentType != upload.ContentType
            ? Problems.UploadTypeMismatch.With($"It is not {upload.ContentType}.")
            : check.Sha256 != upload.Sha256
            ? Problems.UploadChecksumMismatch.With("Its SHA-256 is not the declared one.")
            : null;
    }

    private async Task<Upload?> RefuseAsync(Upload upload, ProblemException fault, CancellationToken cancellationToken)
    {
        Upload refused = upload with
        {
            State = UploadState.Refused, Refusal = fault.Problem.Code, DueAt = LastUrlOver(),
        };
        if (await store.ReplaceAsync(upload, refused, cancellationToken) is null)
        {
            return null;
        }

        await RemoveAsync(refused, cancellationToken);
        throw fault;
    }

    private async Task RemoveAsync(Upload upload, CancellationToken cancellationToken)
    {
        await blobs.RemoveWaitingAsync(upload, cancellationToken);
        if (upload.State != UploadState.Confirmed)
        {
            await blobs.RemoveFinalAsync(upload, options.Kinds[upload.Kind], cancellationToken);
        }
    }

    private DateTimeOffset LastUrlOver() => time.GetUtcNow().AddSeconds(options.UrlSeconds) + Margin;
}
