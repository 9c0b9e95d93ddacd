using System.Collections.Immutable;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Local.Durable;

/// <summary>The engine's client. A call that changes something returns once the change is on disk.</summary>
sealed partial class LocalDurableClient(EngineParts engine) : DurableTaskClient("local")
{
    DataConverter Converter => engine.Options.Converter;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        string id = string.IsNullOrEmpty(options?.InstanceId) ? NewId() : options.InstanceId;
        await Start(
            new(-1, Converter.Serialize(input))
            {
                Name = orchestratorName.Name,
                Version = options?.Version is { } version ? version.Version : engine.Options.DefaultVersion,
                Tags = options is { Tags.Count: > 0 } ? options.Tags.ToImmutableDictionary() : null,
                ScheduledStartTime = options?.StartAt?.UtcDateTime,
                OrchestrationInstance = new() { InstanceId = id, ExecutionId = PassCommit.NewExecutionId() },
                Timestamp = engine.Now,
            },
            Dedupe(options?.DedupeStatuses));
        return id;
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        NotEmpty(instanceId, nameof(instanceId));
        NotEmpty(eventName, nameof(eventName));
        return Send(instanceId, new EventRaisedEvent(-1, Converter.Serialize(eventPayload)) { Name = eventName });
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        (await Wait(instanceId, Milestone.Started, cancellation)).ToMetadata(getInputsAndOutputs ? Converter : null);

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        (await Wait(instanceId, Milestone.Ended, cancellation)).ToMetadata(getInputsAndOutputs ? Converter : null);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        if (string.IsNullOrEmpty(instanceId))
        {
            throw new ArgumentNullException(nameof(instanceId));
        }

        return Task.FromResult(engine.FindState(instanceId)?.ToMetadata(getInputsAndOutputs ? Converter : null));
    }

    /// <summary>The engine's to dispose of, not the client's.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static string NewId() => Guid.NewGuid().ToString("N");

    static void NotEmpty(string value, string parameter)
    {
        if (string.IsNullOrEmpty(value) || value[0] == '\0')
        {
            throw new ArgumentException(
                "Parameter cannot be an empty string or start with the null character.", parameter);
        }
    }

    /// <summary>Statuses in which an existing instance is left alone; null where the engine's rule holds.</summary>
    static HashSet<OrchestrationStatus>? Dedupe(IReadOnlyList<string>? statuses) => statuses?.Select(text =>
        Enum.TryParse(text, ignoreCase: true, out OrchestrationStatus status)
        && StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Contains((OrchestrationRuntimeStatus)status)
            ? status
            : throw new ArgumentException($"Invalid orchestration runtime status: '{text}' for deduplication."))
        .ToHashSet();

    async Task<InstanceState> Wait(string id, Milestone milestone, CancellationToken cancellation)
    {
        NotEmpty(id, nameof(id));
        using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<InstanceState> next = engine.Watch.Next(id, milestone, found.Token);
        if (engine.FindState(id) is { } state
            && (milestone == Milestone.Ended ? state.HasEnded : state.Status != OrchestrationStatus.Pending))
        {
            await found.CancelAsync();
            return state;
        }

        return await next;
    }

    /// <summary>
    /// Registers the id at once, so that it is taken once, and lets the run begin when it is on disk.
    /// </summary>
    async Task Start(ExecutionStartedEvent started, HashSet<OrchestrationStatus>? dedupe)
    {
        string id = started.OrchestrationInstance!.InstanceId;
        if (dedupe is not null && engine.FindState(id) is { } known && dedupe.Contains(known.Status))
        {
            throw Exists(id, known.Status);
        }

        StoredMessage message = new(engine.NextMessageId(), started);
        Instance run = new(message);
        Register(run, replaceRunning: dedupe is not null || engine.Options.OverrideRunningInstances);
        await engine.Commits.AddAsync([new MessageChange(id, message)], () =>
        {
            run.IsStored = true;
            engine.Activate(run);
        });
    }

    void Register(Instance run, bool replaceRunning)
    {
        while (!engine.Live.TryAdd(run.Id, run))
        {
            if (!engine.Live.TryGetValue(run.Id, out Instance? existing))
            {
                continue;
            }

            // An instance whose end is not on disk yet is still that instance.
            if (!replaceRunning)
            {
                throw Exists(run.Id, existing.Committed.Status);
            }

            if (engine.Live.TryUpdate(run.Id, run, existing))
            {
                existing.End();
                return;
            }
        }
    }

    static OrchestrationAlreadyExistsException Exists(string id, OrchestrationStatus status) =>
        new($"An orchestration with id '{id}' already exists. It's in the {status} state.");

    /// <summary>
    /// A message to an instance that has ended, or never was, is dropped without a word, as in the package.
    /// </summary>
    Task Send(string instanceId, HistoryEvent e, bool recursive = false)
    {
        if (engine.FindLive(instanceId) is not { } instance)
        {
            return Task.CompletedTask;
        }

        e.Timestamp = engine.Now;
        StoredMessage message = new(engine.NextMessageId(), e, null, recursive);
        return engine.Commits.AddAsync(
            [new MessageChange(instanceId, message)], () => engine.Post(instance, message));
    }
}
