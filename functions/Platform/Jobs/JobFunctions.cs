using FinVault.Identity;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FinVault.Platform.Jobs;

/// <summary>How jobs stand: for their owners, and all of them for operators.</summary>
public sealed partial class JobFunctions(Jobs jobs, JobStore store, Queues queues, ILogger<JobFunctions> logger)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;
    private const int MaxKind = 60;

    [Function(nameof(GetJob))]
    [Access]
    [Api("A job", Description = "What was begun for you and takes its time. Ask again while it is waiting or active.")]
    [Parameter("job", typeof(string), "The job's id.")]
    [Answers(StatusCodes.Status200OK, typeof(JobView), "How it stands, with its result once it is completed.")]
    [Fails(nameof(Problems.UnknownJob))]
    public async Task<IActionResult> GetJob(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}")] HttpRequest request,
        string job, FunctionContext context)
    {
        CurrentUser user = CurrentUser.Of(context);
        bool operates = user.Has(Roles.Admin) || user.Has(Roles.Auditor);
        return new JsonAnswer(await jobs.ReadAsync(job, operates ? null : user.UserId, context.CancellationToken));
    }

    [Function(nameof(ListJobs))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("Jobs", Description = "Newest first, without what they were given and made.")]
    [Parameter("kind", typeof(string), "Only those of this kind, such as EMAIL.")]
    [Parameter("status", typeof(JobState), "Only those in this state.")]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<JobRow>), "Jobs.")]
    [Fails(nameof(Problems.InvalidRequest), nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListJobs(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/jobs")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? kind = request.Query["kind"];
        if (kind?.Length > MaxKind)
        {
            throw Problems.InvalidRequest.With($"kind has {MaxKind} characters at most.");
        }

        return new JsonAnswer(await store.ListAsync(
            string.IsNullOrEmpty(kind) ? null : kind, request.Choice<JobState>("status"),
            PageRequest.From(request, DefaultPage, MaxPage), cancellationToken));
    }

    [Function(nameof(ListQueues))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("Queue depths", Description = "For each kind of job, and for what does such work in a way of its own: how much "
        + "waits, how much is under way, and how much was given up.")]
    [Answers(StatusCodes.Status200OK, typeof(Page<QueueDepth>), "Every queue.")]
    public async Task<IActionResult> ListQueues(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/queues")] HttpRequest request,
        CancellationToken cancellationToken) =>
        new JsonAnswer(new Page<QueueDepth>(await queues.ReadAsync(cancellationToken)));

    [Function(nameof(RetryJob))]
    [Access(Roles.Admin)]
    [Api("Do a failed job again", Description = "With as many tries as a new one.")]
    [Parameter("job", typeof(string), "The job's id.")]
    [Answers(StatusCodes.Status202Accepted, null, "It waits again.")]
    [Fails(nameof(Problems.UnknownJob), nameof(Problems.JobNotFailed))]
    public async Task<IActionResult> RetryJob(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/jobs/{job}/retry")] HttpRequest request,
        string job, FunctionContext context)
    {
        Job found = (Ids.IsValid(job, Job.Prefix) ? await store.FindAsync(job, context.CancellationToken) : null)
            ?? throw Problems.UnknownJob.With("There is no such job.");
        if (found.State != JobState.Failed || !await store.RetryAsync(found, context.CancellationToken))
        {
            throw Problems.JobNotFailed.With($"{job} is {found.State}.");
        }

        LogRetried(found.Kind, job, CurrentUser.Of(context).UserId);
        return new StatusCodeResult(StatusCodes.Status202Accepted);
    }

    /// <summary>Writes the depths as a metric.</summary>
    [Function(nameof(MeasureQueues))]
    public Task MeasureQueues([TimerTrigger("50 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        queues.MeasureAsync(cancellationToken);

    [LoggerMessage(1303, LogLevel.Information, "Job {Kind} {Job} is done again by {UserId}")]
    private partial void LogRetried(string kind, string job, string userId);
}
