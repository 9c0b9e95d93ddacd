using System.Security.Cryptography;
using System.Text.Json;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using FinVault.Uploads;

namespace FinVault.Portfolios;

/// <summary>
/// Full exports: a job writes the archive to a private blob, whose name follows from the job, so that a second try writes
/// over the first; whoever owns the job is given a URL that reads it for a few minutes. After a week another job removes it.
/// </summary>
public sealed class Exports(ExportMaking making, UploadBlobs blobs, Jobs jobs, TimeProvider time) : IJobHandler
{
    public const string JobKind = "PORTFOLIO_EXPORT";

    private const int EstimatedSeconds = 10;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private static readonly TimeSpan UrlLife = TimeSpan.FromMinutes(5);

    public string Kind => JobKind;

    public JobPolicy Policy { get; } = JobPolicy.Default with { EstimatedSeconds = EstimatedSeconds };

    /// <exception cref="ProblemException">uploads_unavailable.</exception>
    public Task<JobView> StartAsync(CurrentUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        blobs.EnsureAvailable();
        return jobs.StartAsync(JobKind, user.UserId, new ExportOrder(user.TenantId), cancellationToken);
    }

    public async Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        string tenant = job.Read<ExportOrder>().Tenant;
        using MemoryStream file = new();
        (int accounts, int transactions) = await making.WriteAsync(tenant, job.Owner, file, cancellationToken);
        file.Position = 0;
        string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        file.Position = 0;
        DateTimeOffset now = time.GetUtcNow();
        string name = $"finvault-portfolio-{now:yyyy-MM-dd}.zip";
        await blobs.Private(NameOf(job.Owner, job.Id)).UploadAsync(
            file,
            new BlobUploadOptions
            {
                HttpHeaders = new()
                {
                    ContentType = "application/zip", CacheControl = "private, no-store",
                    ContentDisposition = $"attachment; filename=\"{name}\"",
                },
            },
            cancellationToken);
        // Its id follows from the export's: a second try starts no second one.
        await jobs.StartAsync(
            ExportSweeps.JobKind, "", new SweepOrder(NameOf(job.Owner, job.Id)), cancellationToken,
            Jobs.IdOf(DateTimeOffset.UnixEpoch, $"sweep:{job.Id}"), now + Kept);
        return JobOutcome.Done(new ExportResult(name, file.Length, sha256, accounts, transactions, now + Kept));
    }

    /// <exception cref="ProblemException">unknown_job, also for one that is over; export_not_ready.</exception>
    public async Task<ExportFile> FindAsync(CurrentUser user, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        JobView job = await jobs.ReadAsync(id, user.UserId, cancellationToken);
        if (job.Kind != JobKind)
        {
            throw Problems.UnknownJob.With("That job is no export.");
        }

        if (job.Status != JobState.Completed)
        {
            throw Problems.ExportNotReady.With($"It is {JsonNamingPolicy.CamelCase.ConvertName(job.Status.ToString())}.");
        }

        ExportResult made = job.Result!.Value.Deserialize<ExportResult>(Json.Options)!;
        if (made.ExpiresAt <= time.GetUtcNow())
        {
            throw Problems.UnknownJob.With("The export was kept for a week, and is gone.");
        }

        BlockBlobClient blob = blobs.Private(NameOf(user.UserId, id));
        (Uri url, DateTimeOffset until) = await blobs.SignReadAsync(blob, UrlLife, cancellationToken);
        return new(url, made.FileName, made.Bytes, made.Sha256, until);
    }

    /// <summary>Where a user's exports are, with a slash at the end.</summary>
    internal static string FolderOf(string user) => $"exports/{user}/";

    private static string NameOf(string user, string job) => $"{FolderOf(user)}{job}.zip";
}

/// <summary>What is to be removed.</summary>
internal sealed record SweepOrder(string Name);

/// <summary>Removes exports whose time is over.</summary>
public sealed class ExportSweeps(UploadBlobs blobs) : IJobHandler
{
    public const string JobKind = "PORTFOLIO_EXPORT_SWEEP";

    public string Kind => JobKind;

    public async Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        await blobs.Private(job.Read<SweepOrder>().Name).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        return JobOutcome.Done();
    }
}
