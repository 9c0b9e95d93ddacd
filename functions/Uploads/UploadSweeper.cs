using Azure;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FinVault.Uploads;

/// <summary>Ends uploads that nobody confirmed in time, and removes everything that is left of those that came to nothing.</summary>
public sealed partial class UploadSweeper(
    UploadStore store, UploadBlobs blobs, UploadConfirmation confirmation, ILogger<UploadSweeper> logger)
{
    [Function(nameof(SweepUploads))]
    public Task SweepUploads([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        SweepAsync(cancellationToken);

    /// <summary>Sweeps once. What cannot be swept now is tried again the next time and hinders nothing else.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!blobs.IsAvailable)
        {
            return;
        }

        await foreach (Upload upload in store.DueAsync(cancellationToken))
        {
            try
            {
                await confirmation.SweepAsync(upload, cancellationToken);
            }
            catch (Exception failure) when (failure is RequestFailedException or CosmosException)
            {
                LogLeft(logger, failure, upload.Id, upload.State);
            }
        }
    }

    [LoggerMessage(3101, LogLevel.Warning, "{UploadId}, {State}, could not be swept and is tried again")]
    private static partial void LogLeft(ILogger logger, Exception failure, string uploadId, UploadState state);
}
