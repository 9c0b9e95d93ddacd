using System.Collections.Immutable;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Local.Durable;

/// <summary>What clients are told of an instance: never more than is on disk.</summary>
sealed record InstanceState(
    string Id,
    string Name,
    OrchestrationStatus Status,
    DateTime Created,
    DateTime Updated,
    string? CustomStatus,
    IEnumerable<KeyValuePair<string, string>>? Tags)
{
    public string? Input { get; init; }

    public string? Version { get; init; }

    public string? Output { get; init; }

    public FailureDetails? Failure { get; init; }

    public bool HasEnded => InstanceImage.IsEnd(Status);

    public static InstanceState Of(InstanceRow row)
    {
        InstanceState bare = new(
            row.Id, row.Name, row.Status, row.Created, row.Updated, row.CustomStatus, row.Tags);
        if (row.History.Length == 0)
        {
            return bare;
        }

        List<HistoryEvent> history = HistoryReader.ReadAll(row.History);
        ExecutionStartedEvent? started = history.OfType<ExecutionStartedEvent>().FirstOrDefault();
        ExecutionCompletedEvent? completed = history.OfType<ExecutionCompletedEvent>().LastOrDefault();
        return bare with
        {
            Input = started?.Input,
            Version = started?.Version,
            Output = completed?.Result,
            Failure = completed?.FailureDetails,
        };
    }

    /// <param name="converter">Set where data was asked for: input, output, custom status and failure.</param>
    public OrchestrationMetadata ToMetadata(DataConverter? converter)
    {
        bool full = converter is not null;
        return new(Name, Id)
        {
            DataConverter = converter,
            RuntimeStatus = (OrchestrationRuntimeStatus)Status,
            CreatedAt = Created,
            LastUpdatedAt = Updated,
            SerializedInput = full ? Input : null,
            SerializedOutput = full ? Output : null,
            SerializedCustomStatus = full ? CustomStatus : null,
            FailureDetails = full ? Failures.Told(Failure) : null,
            Tags = Tags?.ToImmutableDictionary() ?? ImmutableDictionary<string, string>.Empty,
        };
    }
}
