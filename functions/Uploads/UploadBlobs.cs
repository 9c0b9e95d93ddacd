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

    private UserDelegationKey? _key;

    private BlobServiceClient Service => services()
        ?? throw Problems.UploadsUnavailable.With("There is no Blob Storage here, or not yet.");

    /// <exception cref="ProblemException">uploads_unavailable.</exception>
    public void EnsureAvailable() => _ = Service;

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
        BlobSasPermissions permissions = upload.Bytes > UploadKind.BlockBytes
            ? BlobSasPermissions.Create | BlobSasPermissions.Write
            : BlobSasPermissions.Create;
        return SignAsync(Waiting(upload), permissions, TimeSpan.FromSeconds(options.UrlSeconds), cancellationToken);
    }

    /// <summary>The ids of the blocks that are there, committed or not, with their sizes.</summary>
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

    /// <summary>Copies what was verified, and only that, to its final place.</summary>
    public async Task PublishAsync(
        Upload upload, BlockBlobClient target, ETag verified, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(target);
        (Uri source, _) = await SignAsync(
            Waiting(upload), BlobSasPermissions.Read, TimeSpan.FromMinutes(5), cancellationToken);
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
                CacheControl = "public, max-age=31536000, immutable",
                ContentDisposition = "inline",
            },
            cancellationToken: cancellationToken);
    }

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
