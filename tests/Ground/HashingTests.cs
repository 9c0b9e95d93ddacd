using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace FinVault.Tests.Ground;

/// <summary>local/hashing stands in for a package; the real blob client must accept it as that package.</summary>
public sealed class HashingTests
{
    [Fact]
    public async Task BlobClient_DerivesItsCrc64FromLocalHashing()
    {
        using Recorder recorder = new();
        BlobClientOptions options = new() { Transport = new HttpClientTransport(recorder) };
        BlobClient blob = new(new Uri("http://127.0.0.1:1/account/container/blob"), options);

        await blob.UploadAsync(
            BinaryData.FromString("FinVault"),
            new BlobUploadOptions
            {
                TransferValidation = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.StorageCrc64 },
            });

        Assert.Equal(8, Convert.FromBase64String(recorder.Crc64!).Length);
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public string? Crc64 { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Crc64 = request.Headers.TryGetValues("x-ms-content-crc64", out IEnumerable<string>? values)
                || request.Content!.Headers.TryGetValues("x-ms-content-crc64", out values) ? values.Single() : null;
            HttpResponseMessage created = new(System.Net.HttpStatusCode.Created);
            created.Headers.TryAddWithoutValidation("ETag", "\"1\"");
            created.Headers.TryAddWithoutValidation("x-ms-content-crc64", Crc64);
            created.Content = new ByteArrayContent([]);
            created.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
            return Task.FromResult(created);
        }
    }
}
