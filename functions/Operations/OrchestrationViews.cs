using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Platform;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Operations;

/// <summary>Where an orchestration stands.</summary>
public enum OrchestrationState
{
    /// <summary>Scheduled, not begun.</summary>
    Pending,

    Running,

    /// <summary>Held by an operator.</summary>
    Suspended,

    Completed,
    Failed,

    /// <summary>Ended by an operator, or with its parent.</summary>
    Terminated,
}

/// <summary>An orchestration in a list.</summary>
/// <param name="InstanceId">A business id.</param>
/// <param name="Name">The orchestrator.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="UpdatedAt">When it last made a step.</param>
public sealed record OrchestrationRow(
    string InstanceId, string Name, OrchestrationState Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static OrchestrationRow Of(OrchestrationMetadata found) => new(
        found.InstanceId, found.Name, OrchestrationStates.Of(found.RuntimeStatus), found.CreatedAt,
        found.LastUpdatedAt);
}

/// <summary>An orchestration. Input, output and custom status are what the orchestrator was given and gave.</summary>
/// <param name="InstanceId">A business id.</param>
/// <param name="Name">The orchestrator.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="UpdatedAt">When it last made a step.</param>
/// <param name="Input">Null if it has none.</param>
/// <param name="Output">Null until it ends; of a terminated one the operator's reason.</param>
/// <param name="CustomStatus">What it says of itself.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Tags">Names and values that it was started with.</param>
public sealed record OrchestrationView(
    string InstanceId, string Name, OrchestrationState Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    JsonNode? Input, JsonNode? Output, JsonNode? CustomStatus, StepFailure? Failure,
    IReadOnlyDictionary<string, string> Tags)
{
    internal static OrchestrationView Of(OrchestrationMetadata found) => new(
        found.InstanceId, found.Name, OrchestrationStates.Of(found.RuntimeStatus), found.CreatedAt,
        found.LastUpdatedAt, Payload.Read(found.SerializedInput), Payload.Read(found.SerializedOutput),
        Payload.Read(found.SerializedCustomStatus), StepFailure.Of(found.FailureDetails), found.Tags);
}

/// <summary>A failure as an operator needs it, with the failures that caused it.</summary>
/// <param name="Type">The exception's type.</param>
/// <param name="Message">Its message.</param>
/// <param name="StackTrace">Where it was thrown, if that was kept.</param>
/// <param name="Inner">What caused it.</param>
public sealed record StepFailure(string Type, string Message, string? StackTrace, StepFailure? Inner)
{
    internal static StepFailure? Of(TaskFailureDetails? failure) => failure is null
        ? null
        : new(failure.ErrorType, failure.ErrorMessage, failure.StackTrace, Of(failure.InnerFailure));

    internal static StepFailure? Of(DurableTask.Core.FailureDetails? failure) => failure is null
        ? null
        : new(failure.ErrorType, failure.ErrorMessage, failure.StackTrace, Of(failure.InnerFailure));
}

/// <summary>What orchestrators and activities were given and gave: JSON, or text that is shown as it is.</summary>
internal static class Payload
{
    public static JsonNode? Read(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}

internal static class OrchestrationStates
{
    public static OrchestrationState Of(OrchestrationRuntimeStatus status) => status switch
    {
        OrchestrationRuntimeStatus.Pending => OrchestrationState.Pending,
        OrchestrationRuntimeStatus.Suspended => OrchestrationState.Suspended,
        OrchestrationRuntimeStatus.Completed => OrchestrationState.Completed,
        OrchestrationRuntimeStatus.Failed => OrchestrationState.Failed,
        OrchestrationRuntimeStatus.Terminated => OrchestrationState.Terminated,
        // The obsolete ContinuedAsNew is a running instance between two executions.
        _ => OrchestrationState.Running,
    };

    public static OrchestrationRuntimeStatus ToRuntime(OrchestrationState state) => state switch
    {
        OrchestrationState.Pending => OrchestrationRuntimeStatus.Pending,
        OrchestrationState.Running => OrchestrationRuntimeStatus.Running,
        OrchestrationState.Suspended => OrchestrationRuntimeStatus.Suspended,
        OrchestrationState.Completed => OrchestrationRuntimeStatus.Completed,
        OrchestrationState.Failed => OrchestrationRuntimeStatus.Failed,
        OrchestrationState.Terminated => OrchestrationRuntimeStatus.Terminated,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <exception cref="ProblemException">unknown_orchestration.</exception>
    public static async Task<OrchestrationMetadata> FindAsync(
        this DurableTaskClient client, string id, bool withData, CancellationToken cancellation) =>
        await client.GetInstanceAsync(id, withData, cancellation)
            ?? throw Problems.UnknownOrchestration.With($"There is no orchestration {id}.");
}
