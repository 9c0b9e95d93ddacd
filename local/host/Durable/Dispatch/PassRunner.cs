using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask.Abstractions;
using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>
/// Runs passes: takes what has come for an instance, lets its orchestrator go on, and hands what follows from it to
/// <see cref="PassCommit"/>.
/// </summary>
sealed class PassRunner(EngineParts engine)
{
    readonly SessionCache sessions = new(engine.Options, engine.Time);
    readonly PassCommit committer = new(engine);
    readonly ILogger logger = engine.Loggers.CreateLogger("Microsoft.DurableTask.Worker");

    public ValueTask Run(Instance instance)
    {
        List<StoredMessage> taken = instance.TakeInbox();
        bool violated = instance.Latest?.IsViolated == true;
        if (taken.Count > 0 || violated)
        {
            if (RefusedVersion(instance) is not { } refused)
            {
                Run(instance, taken, violated ? Completion.Failed(IllegalAwait) : null);
            }
            else if (taken.Select(m => m.Event).OfType<ExecutionTerminatedEvent>().FirstOrDefault() is { } end)
            {
                Run(instance, taken, Completion.Terminated(end.Input));
            }
            else if (engine.Options.VersionFailureStrategy == VersionFailureStrategy.Fail)
            {
                Run(instance, taken, Completion.Failed(refused));
            }
            else
            {
                logger.LogWarning(
                    "Instance {InstanceId} waits for another worker: {Why}", instance.Id, refused.ErrorMessage);
                instance.Park(taken);
            }
        }

        if (instance.EndPass())
        {
            engine.Orchestrators.Add(instance);
        }

        return ValueTask.CompletedTask;
    }

    static InvalidOperationException IllegalAwait => new(OrchestratorThread.IllegalAwait);

    void Run(Instance instance, List<StoredMessage> taken, Completion? decided)
    {
        DateTime clock = engine.Time.GetUtcNow().UtcDateTime;
        DateTime now = clock > instance.LastPass ? clock : instance.LastPass;
        List<HistoryEvent> news = new(taken.Count + 1) { new OrchestratorStartedEvent(-1) { Timestamp = now } };
        foreach (StoredMessage message in taken)
        {
            if (message.ExecutionId is null || message.ExecutionId == instance.ExecutionId)
            {
                news.Add(message.Event);
            }
        }

        PassResult result = decided is null
            ? Run(instance, news)
            : new([], decided, instance.Committed.CustomStatus, false, null);
        instance.LastPass = now;
        committer.Commit(instance, taken, news, result, now);
    }

    PassResult Run(Instance instance, List<HistoryEvent> news)
    {
        string name = instance.Started.Name!;
        if (engine.FindOrchestrator(name) is not { } orchestrator)
        {
            FailureDetails unknown = Failures.NotFound(Failures.OrchestratorNotFound, "orchestrator", name);
            return new([], Completion.Failed(unknown), null, false, null);
        }

        if (instance.Session is { } session)
        {
            return sessions.Keep(instance, session, session.Pass([], news));
        }

        Execution execution = new(instance.Started, orchestrator, engine.Settings, e =>
        {
            if (instance.Latest == e && instance.Wake())
            {
                engine.Orchestrators.Add(instance);
            }
        });
        instance.Latest = execution;
        return sessions.Keep(instance, execution, execution.Pass(instance.History, news));
    }

    FailureDetails? RefusedVersion(Instance instance)
    {
        string own = engine.Options.DefaultVersion, version = instance.Started.Version ?? "";
        if (own.Length == 0)
        {
            return null;
        }

        int compared = TaskOrchestrationVersioningUtils.CompareVersions(version, own);
        string? why = engine.Options.VersionMatchStrategy switch
        {
            VersionMatchStrategy.Strict when compared != 0 => "does not match",
            VersionMatchStrategy.CurrentOrOlder when compared > 0 => "is greater than",
            _ => null,
        };
        return why is null ? null : new(
            "VersionMismatch", $"The orchestration version '{version}' {why} the worker version '{own}'.",
            null, null, isNonRetriable: true);
    }
}
