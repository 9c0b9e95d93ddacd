using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Portfolios;

/// <summary>
/// The nightly run: batches of 1,000, ten workers, between 02:00 and 06:00 India time. It pauses while the store is
/// busy and when the window closes, and goes on where it was when the window opens again.
/// </summary>
public sealed class NightlyFunctions(NightlyPlans nights, NightlyOptions options, TimeProvider time)
{
    private const int Workers = 10;

    private static readonly TaskOptions Persistent = TaskOptions.FromRetryPolicy(
        new RetryPolicy(200, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(5)));

    /// <summary>A batch, and then itself anew. The instance id is <c>NIGHTLY-</c> with the night.</summary>
    [Function(nameof(NightlyRebalancing))]
    public static async Task NightlyRebalancing(
        [OrchestrationTrigger] TaskOrchestrationContext context, NightlyRun run)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(run);
        NightlyStep step = await context.CallActivityAsync<NightlyStep>(nameof(NextNightlyBatch), run, Persistent);
        if (step.Until is { } until)
        {
            await context.CreateTimer(until.UtcDateTime, CancellationToken.None);
            context.ContinueAsNew(run);
            return;
        }

        if (run.Work == NightlyWork.End)
        {
            return;
        }

        if (step.Names.Count == 0)
        {
            context.ContinueAsNew(run with { Work = run.Work + 1, After = "" });
            return;
        }

        NightlyCounts[] counts = await Task.WhenAll(Parts(run, step.Names).Select(part =>
            context.CallActivityAsync<NightlyCounts>(nameof(WorkNightlyPart), part, Persistent)));
        context.ContinueAsNew(run with
        {
            // A batch that was cut is done again: what is done of it is passed over.
            After = counts.Any(one => one.IsCut) ? run.After : step.Names[^1],
            Done = run.Done + counts.Sum(one => one.Done),
            Skipped = run.Skipped + counts.Sum(one => one.Skipped),
            Failed = run.Failed + counts.Sum(one => one.Failed),
        });
    }

    [Function(nameof(NextNightlyBatch))]
    public Task<NightlyStep> NextNightlyBatch([ActivityTrigger] NightlyRun run, CancellationToken cancellationToken) =>
        nights.NextAsync(run, cancellationToken);

    [Function(nameof(WorkNightlyPart))]
    public Task<NightlyCounts> WorkNightlyPart([ActivityTrigger] NightlyPart part, CancellationToken cancellationToken) =>
        nights.WorkAsync(part, cancellationToken);

    /// <summary>Begins a night's run within its window, unless that of an earlier night still goes on.</summary>
    [Function(nameof(StartNightlyRebalancing))]
    public async Task StartNightlyRebalancing(
        [TimerTrigger("20 */10 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        DateTimeOffset now = time.GetUtcNow();
        if (!options.IsOpen(now))
        {
            return;
        }

        string night = options.NightOf(now);
        NightlyView? last = await nights.LastAsync(cancellationToken);
        string lastInstance = InstanceOf(last?.Run.Night ?? night);
        OrchestrationMetadata? there = await client.GetInstanceAsync(lastInstance, cancellationToken);
        if (last?.Run.Night == night || there is { IsCompleted: false })
        {
            return;
        }

        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(NightlyRebalancing), new NightlyRun(night, NightlyWork.Rebalance, "", 0, 0, 0),
                new StartOrchestrationOptions(InstanceOf(night)), cancellationToken);
        }
        catch (DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody else began it in this moment, which is as good.
            return;
        }
    }

    [Function(nameof(GetNightlyRun))]
    [Access(Roles.Admin, Roles.Auditor)]
    [Api("How the nightly run stands")]
    [Answers(StatusCodes.Status200OK, typeof(NightlyView), "The last run.")]
    [Fails(nameof(Problems.UnknownPlan))]
    public async Task<IActionResult> GetNightlyRun(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/nightly-plans")] HttpRequest request,
        FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new JsonAnswer(
            await nights.LastAsync(context.CancellationToken) ?? throw Problems.UnknownPlan.With("There was no run yet."));
    }

    private static string InstanceOf(string night) => $"NIGHTLY-{night}";

    private static IEnumerable<NightlyPart> Parts(NightlyRun run, IReadOnlyList<string> names) => names
        .Chunk((names.Count + Workers - 1) / Workers)
        .Select(some => new NightlyPart(run.Night, run.Work, some));
}
