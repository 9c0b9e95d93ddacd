using FinVault.Platform;
using Microsoft.DurableTask.Client;

namespace FinVault.Operations;

/// <summary>What an operator can do to an orchestration.</summary>
public enum OperatorAction
{
    Suspend,
    Resume,
    Terminate,

    /// <summary>Go on from the failed step.</summary>
    Retry,
}

/// <summary>Why an operator does what he does.</summary>
/// <param name="Reason">1 to 500 characters; it stands in the orchestration's history and in the log.</param>
public sealed record OperatorOrder(string Reason)
{
    public const int MaxReason = 500;

    /// <exception cref="ProblemException">invalid_request: no reason, or a long one.</exception>
    internal string CheckedReason() => Reason.Trim() is { Length: > 0 and <= MaxReason } reason
        ? reason
        : throw Problems.InvalidRequest.With($"reason must have 1 to {MaxReason} characters.");
}

/// <summary>An order that was taken.</summary>
/// <param name="InstanceId">The orchestration.</param>
/// <param name="Action">What was ordered.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">The operator's user id.</param>
public sealed record OrderTaken(string InstanceId, OperatorAction Action, string Reason, string By);

/// <summary>Which action is possible in which state, and how it is sent.</summary>
internal static class OperatorActions
{
    /// <summary>Null where the action is possible; state × action, whatever is not here is.</summary>
    public static ProblemDefinition? Refusal(OrchestrationState state, OperatorAction action) => (state, action) switch
    {
        (not OrchestrationState.Failed, OperatorAction.Retry) => Problems.OrchestrationNotFailed,
        (_, OperatorAction.Retry) => null,
        (OrchestrationState.Completed or OrchestrationState.Failed or OrchestrationState.Terminated, _) =>
            Problems.OrchestrationEnded,
        (OrchestrationState.Suspended, OperatorAction.Suspend) => Problems.OrchestrationSuspended,
        (not OrchestrationState.Suspended, OperatorAction.Resume) => Problems.OrchestrationNotSuspended,
        _ => null,
    };

    public static Task SendAsync(
        DurableTaskClient client, string id, OperatorAction action, string reason, CancellationToken cancellation) =>
        action switch
        {
            OperatorAction.Suspend => client.SuspendInstanceAsync(id, reason, cancellation),
            OperatorAction.Resume => client.ResumeInstanceAsync(id, reason, cancellation),
            // A child that went on without its parent would end in nothing.
            OperatorAction.Terminate => client.TerminateInstanceAsync(
                id, new TerminateInstanceOptions { Output = reason, Recursive = true }, cancellation),
            OperatorAction.Retry => RetryAsync(client, id, reason, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
        };

    // Between the look at its state and this somebody else may have retried it already.
    private static async Task RetryAsync(
        DurableTaskClient client, string id, string reason, CancellationToken cancellation)
    {
        try
        {
            await client.RewindInstanceAsync(id, reason, cancellation);
        }
        catch (InvalidOperationException)
        {
            throw Problems.OrchestrationNotFailed.With($"The orchestration {id} has been retried meanwhile.");
        }
    }
}
