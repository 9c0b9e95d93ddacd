using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using FinVault.Platform;

namespace FinVault.Uploads;

/// <summary>The client of Blob Storage; null where there is none, or not yet.</summary>
public delegate BlobServiceClient? BlobServices();

/// <summary>
/// The blobs of uploads: two containers, <c>uploads</c> that nobody reads (quarantine, and what is not for everybody),
/// and <c>media</c> that everybody reads.
/// </summary>
public sealed class UploadBlobs(BlobServices services, UploadOptions options, TimeProvider time)
{
    public const string PrivateContainer = "uploads";
    public const string PublicContainer = "media";
    public const string Quarantine = "quarantine";

    // A key outlives the URLs that are signed with it.
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(6);

    private static readonly TimeSpan CopyLife = TimeSpan.FromMinutes(5);

    private UserDelegationKey? _key;

    private BlobServiceClient Service => services()
        ?? throw Problems.UploadsUnavailable.With("There is no Blob Storage here, or not yet.");

    public bool IsAvailable => services() is not null;

    /// <exception cref="ProblemException">uploads_unavailable.</exception>
    public void EnsureAvailable() => _ = Service;

    /// <summary>A file that another slice keeps where nobody reads without a URL that is signed for it.</summary>
    /// <param name="name">In the private container; <c>SLICE/OWNER/FILE</c>.</param>
    public BlockBlobClient Private(string name) =>
        Service.GetBlobContainerClient(PrivateContainer).GetBlockBlobClient(name);

    /// <summary>A URL that can do one thing for a while: read that file.</summary>
    public Task<(Uri Url, DateTimeOffset ExpiresAt)> SignReadAsync(
        BlockBlobClient blob, TimeSpan life, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return SignAsync(blob, BlobSasPermissions.Read, life, cancellationToken);
    }

    /// <summary>Removes every private file under a name, which ends with a slash.</summary>
    public async Task RemovePrivateAsync(string under, CancellationToken cancellationToken)
    {
        BlobContainerClient container = Service.GetBlobContainerClient(PrivateContainer);
        await foreach (BlobItem one in container.GetBlobsAsync(
            BlobTraits.None, BlobStates.None, under, cancellationToken))
        {
            await container.DeleteBlobIfExistsAsync(one.Name, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Where an upload's bytes wait.</summary>
    public BlockBlobClient Waiting(Upload upload)
    {
        ArgumentNullException.ThrowIfNull(upload);
        return Service.GetBlobContainerClient(PrivateContainer).GetBlockBlobClient(upload.ObjectKey);
    }

    /// <summary>Where an upload goes when it is confirmed. The name cannot be guessed and is never used again.</summary>
    public BlockBlobClient Final(Upload upload, UploadKind kind)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(kind);
        string extension = upload.ContentType.Split('/')[^1];
        string name = $"{upload.Kind}/{upload.EntityId}/{upload.Id}.{extension}";
        return Service.GetBlobContainerClient(kind.IsPublic ? PublicContainer : PrivateContainer).GetBlockBlobClient(name);
    }

    /// <summary>
    /// A URL that can do one thing: write this blob, which must not exist yet. Blocks need the right to write, so a file
    /// in blocks could be written over until it is confirmed; its checksum is what counts then.
    /// </summary>
    public Task<(Uri Url, DateTimeOffset ExpiresAt)> SignAsync(Upload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        BlobSasPermissions permissions = upload.InBlocks
            ? BlobSasPermissions.Create | BlobSasPermissions.Write
            : BlobSasPermissions.Create;
        return SignAsync(Waiting(upload), permissions, TimeSpan.FromSeconds(options.UrlSeconds), cancellationToken);
    }

    /// <summary>The blocks that are there, committed or not, with their sizes.</summary>
    public async Task<IReadOnlyDictionary<string, long>> BlocksAsync(Upload upload, CancellationToken cancellationToken)
    {
        try
        {
            BlockList blocks = await Waiting(upload).GetBlockListAsync(
                BlockListTypes.All, cancellationToken: cancellationToken);
            return blocks.CommittedBlocks.Concat(blocks.UncommittedBlocks)
                .GroupBy(b => b.Name).ToDictionary(b => b.Key, b => b.Last().SizeLong);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return new Dictionary<string, long>();
        }
    }

    /// <summary>What waits in quarantine; null when nothing does.</summary>
    public async Task<BlobProperties?> FindAsync(Upload upload, CancellationToken cancellationToken)
    {
        try
        {
            return await Waiting(upload).GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Copies what was verified, and only that, to its final place. Nothing of it passes through here.</summary>
    /// <exception cref="RequestFailedException">404 or 412: it was removed or changed since.</exception>
    public async Task<Uri> PublishAsync(
        Upload upload, UploadKind kind, ETag verified, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(kind);
        BlockBlobClient target = Final(upload, kind);
        (Uri source, _) = await SignAsync(
            Waiting(upload), BlobSasPermissions.Read, CopyLife, cancellationToken);
        await target.SyncCopyFromUriAsync(
            source,
            new BlobCopyFromUriOptions
            {
                SourceConditions = new BlobRequestConditions { IfMatch = verified },
                Metadata = new Dictionary<string, string> { ["sha256"] = upload.Sha256 },
            },
            cancellationToken);
        await target.SetHttpHeadersAsync(
            new BlobHttpHeaders
            {
                ContentType = upload.ContentType,
                CacheControl = kind.IsPublic ? "public, max-age=31536000, immutable" : "private, no-store",
                ContentDisposition = kind.IsPublic ? "inline" : "attachment",
            },
            cancellationToken: cancellationToken);
        return target.Uri;
    }

    /// <summary>Removes what waits, blocks that were never committed with it.</summary>
    public async Task RemoveWaitingAsync(Upload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        BlockBlobClient waiting = Waiting(upload);
        if (upload.InBlocks)
        {
            // Such blocks are no blob and cannot be deleted, but a new list without them drops them.
            await waiting.CommitBlockListAsync([], cancellationToken: cancellationToken);
        }

        await waiting.DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Removes what was put in its place for an upload that came to nothing.</summary>
    public Task RemoveFinalAsync(Upload upload, UploadKind kind, CancellationToken cancellationToken) =>
        Final(upload, kind).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    private async Task<(Uri Url, DateTimeOffset ExpiresAt)> SignAsync(
        BlockBlobClient blob, BlobSasPermissions permissions, TimeSpan life, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        BlobSasBuilder sas = new(permissions, now + life)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        if (blob.CanGenerateSasUri)
        {
            return (blob.GenerateSasUri(sas), sas.ExpiresOn);
        }

        if (_key is not { } key || key.SignedExpiresOn < sas.ExpiresOn)
        {
            _key = key = await Service.GetUserDelegationKeyAsync(now.AddMinutes(-5), now + KeyLife, cancellationToken);
        }

        string query = sas.ToSasQueryParameters(key, Service.AccountName).ToString();
        return (new BlobUriBuilder(blob.Uri) { Query = query }.ToUri(), sas.ExpiresOn);
    }
}
