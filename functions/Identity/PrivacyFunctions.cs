using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Identity;

/// <summary>What the caller may ask of their own data.</summary>
public sealed class PrivacyFunctions(PersonalExport export, Erasure erasure)
{
    [Function(nameof(ExportMe))]
    [Access]
    [StepUp]
    [Api("Everything that is known about you", Description = "One JSON object: `{exportedAt, user, items: [{slice, kind, "
        + "data}]}`, written while it is read. What you have in tenants that others are in too is theirs, and not in it.")]
    [Answers(StatusCodes.Status200OK, typeof(PersonalExportView), "Your data.")]
    [Fails(nameof(Problems.StepUpRequired))]
    public async Task<IActionResult> ExportMe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "me/export")] HttpRequest request,
        FunctionContext context) =>
        await export.BeginAsync(CurrentUser.Of(context).UserId, context.CancellationToken);

    [Function(nameof(GetErasure))]
    [Access]
    [Api("How far your erasure is")]
    [Answers(StatusCodes.Status200OK, typeof(ErasureView), "The last that you asked for.")]
    [Fails(nameof(Problems.UnknownErasure))]
    public async Task<IActionResult> GetErasure(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "me/erase")] HttpRequest request,
        FunctionContext context) => new JsonAnswer(
            await erasure.FindAsync(CurrentUser.Of(context).UserId, context.CancellationToken)
                ?? throw Problems.UnknownErasure.With("You have asked for none."));

    [Function(nameof(EraseMe))]
    [Access]
    [StepUp]
    [Api("Have yourself erased", Description = "After a grace period, in which you can call it off, nobody can sign in as "
        + "you, and nothing is left that says who you were. What was booked stays booked.")]
    [Answers(StatusCodes.Status202Accepted, typeof(ErasureView), "It is asked for.")]
    [Fails(nameof(Problems.StepUpRequired), nameof(Problems.ErasureNotPossible))]
    public async Task<IActionResult> EraseMe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "me/erase")] HttpRequest request,
        FunctionContext context,
        [DurableClient] DurableTaskClient client)
    {
        (ErasureRun run, ErasureView view) =
            await erasure.RequestAsync(CurrentUser.Of(context).UserId, context.CancellationToken);
        // Asked again by whoever died here: the id is the run's.
        if (await client.GetInstanceAsync(run.Instance, context.CancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(ErasureFunctions.ErasePerson), run, new StartOrchestrationOptions(run.Instance),
                context.CancellationToken);
        }

        return new JsonAnswer(view, StatusCodes.Status202Accepted);
    }

    [Function(nameof(CancelErasure))]
    [Access]
    [Api("Call your erasure off", Description = "As long as it has not begun.")]
    [Answers(StatusCodes.Status204NoContent, null, "You stay.")]
    [Fails(nameof(Problems.UnknownErasure))]
    public async Task<IActionResult> CancelErasure(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "me/erase")] HttpRequest request,
        FunctionContext context)
    {
        await erasure.CancelAsync(CurrentUser.Of(context).UserId, context.CancellationToken);
        return new NoContentResult();
    }
}
