using System.Globalization;
using System.Security.Cryptography;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using FinVault.Local.Hosting;
using FinVault.Uploads;

namespace FinVault.Local.Blobs;

/// <summary>
/// The storage account of a data folder: a key of its own, and the port it had, since what is uploaded is known by its
/// address.
/// </summary>
internal sealed class BlobAccount(string? folder)
{
    private const string Name = "finvault";
    private const int KeyBytes = 64;
    private const int PreflightSeconds = 3600;

    private readonly string _key = Convert.ToBase64String(KeyFile.Open(folder, "azurite.key", KeyBytes));
    private readonly string? _portFile = folder is null ? null : Path.Combine(folder, "azurite.port");

    /// <summary>Where blobs are kept; null for memory.</summary>
    public string? Data { get; } = folder is null ? null : Path.Combine(folder, "azurite");

    /// <summary>As Azurite takes it.</summary>
    public string Declaration => $"{Name}:{_key}";

    /// <summary>The port of the last run, or 0.</summary>
    public int Port { get; private set; } = folder is not null
        && File.Exists(Path.Combine(folder, "azurite.port"))
        && int.TryParse(File.ReadAllText(Path.Combine(folder, "azurite.port")), CultureInfo.InvariantCulture, out int port)
            ? port
            : 0;

    /// <summary>Somebody else has the port: the next run takes another.</summary>
    public void ForgetPort() => Port = 0;

    /// <summary>The account at its address, with its containers and with the web client's origins let in.</summary>
    public async Task<BlobServiceClient> SetUpAsync(
        Uri address, IReadOnlyCollection<string> origins, CancellationToken cancellation)
    {
        BlobServiceClient client = new(new Uri(address, Name), new StorageSharedKeyCredential(Name, _key));
        // Only what is read and changed is taken back whole.
        BlobServiceProperties properties = await client.GetPropertiesAsync(cancellation);
        properties.Cors =
        [
            new BlobCorsRule
            {
                AllowedOrigins = string.Join(',', origins),
                AllowedMethods = "GET,HEAD,PUT,OPTIONS",
                AllowedHeaders = "content-type,x-ms-*",
                ExposedHeaders = "etag,x-ms-*",
                MaxAgeInSeconds = PreflightSeconds,
            },
        ];
        await client.SetPropertiesAsync(properties, cancellation);
        await client.GetBlobContainerClient(UploadBlobs.PrivateContainer)
            .CreateIfNotExistsAsync(cancellationToken: cancellation);
        await client.GetBlobContainerClient(UploadBlobs.PublicContainer)
            .CreateIfNotExistsAsync(PublicAccessType.Blob, cancellationToken: cancellation);
        Keep(address.Port);
        return client;
    }

    private void Keep(int port)
    {
        if (_portFile is not null && port != Port)
        {
            File.WriteAllText(_portFile, port.ToString(CultureInfo.InvariantCulture));
        }

        Port = port;
    }
}
