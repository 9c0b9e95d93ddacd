using FinVault.Conformance;
using FinVault.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace FinVault.Tests.Local.Durable;

/// <summary>The local host's engine as the conformance suite wants it: in memory, on the real clock.</summary>
sealed class LocalConformanceEngine(DurableOptions? options = null) : IConformanceEngine, IScenarioRegistry
{
    readonly DurableEngine engine = DurableEngine.Open(
        null,
        TimeProvider.System,
        options ?? new() { MaxConcurrentActivityFunctions = 400, MaxConcurrentOrchestratorFunctions = 100 },
        NullLoggerFactory.Instance);

    public async Task<DurableTaskClient> StartAsync(Action<IScenarioRegistry> register)
    {
        register(this);
        await engine.StartAsync(default);
        return engine.Client;
    }

    public void AddOrchestrator<TInput>(string name, Func<TaskOrchestrationContext, Task<object?>> orchestrator) =>
        engine.AddOrchestrator(name, orchestrator);

    public void AddActivity<TInput>(string name, Func<TaskActivityContext, TInput?, Task<object?>> activity) =>
        engine.AddActivity(
            name, (call, _) => activity(call, (TInput?)(call.GetInput(typeof(TInput)) ?? default(TInput))));

    /// <summary>A gate that nobody opens must not hold the suite.</summary>
    public ValueTask DisposeAsync()
    {
        _ = engine.DisposeAsync().AsTask();
        return ValueTask.CompletedTask;
    }
}
