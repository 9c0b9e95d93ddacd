using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace FinVault.Local.Durable;

/// <summary>Terminate, suspend, resume, restart, rewind.</summary>
sealed partial class LocalDurableClient
{
    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        NotEmpty(instanceId, nameof(instanceId));
        ExecutionTerminatedEvent end = new(-1, Converter.Serialize(options?.Output));
        return Send(instanceId, end, options?.Recursive == true);
    }

    public override Task SuspendInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        NotEmpty(instanceId, nameof(instanceId));
        return Send(instanceId, new ExecutionSuspendedEvent(-1, reason));
    }

    public override Task ResumeInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        NotEmpty(instanceId, nameof(instanceId));
        return Send(instanceId, new ExecutionResumedEvent(-1, reason));
    }

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        NotEmpty(instanceId, nameof(instanceId));
        InstanceState state = engine.FindState(instanceId) ?? throw NotFound(instanceId);
        string id = restartWithNewInstanceId ? NewId() : instanceId;
        await Start(
            new(-1, state.Input)
            {
                Name = state.Name,
                Version = state.Version,
                Tags = state.Tags?.ToDictionary(),
                OrchestrationInstance = new() { InstanceId = id, ExecutionId = PassCommit.NewExecutionId() },
                Timestamp = engine.Now,
            },
            dedupe: null);
        return id;
    }

    /// <summary>
    /// A failed instance goes on from before its failure: the calls that failed it are made again, all others keep
    /// their results. Sub-orchestrations that failed are rewound as well, all in one commit.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has not failed.</exception>
    public override async Task RewindInstanceAsync(
        string instanceId, string reason, CancellationToken cancellation = default)
    {
        NotEmpty(instanceId, nameof(instanceId));
        List<Rewound> all = new Rewind(engine, reason).Plan(instanceId);
        List<Instance> runs = [.. all.Select(r => Instance.From(r.Image))];
        runs.ForEach(run => Register(run, replaceRunning: false));
        await engine.Commits.AddAsync([.. all.Select(r => r.Change)], () => runs.ForEach(engine.TakeUp));
    }

    static ArgumentException NotFound(string id) =>
        new($"An orchestration with the instanceId {id} was not found.");
}
