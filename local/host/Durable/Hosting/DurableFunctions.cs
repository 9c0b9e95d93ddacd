using FinVault.Local.Hosting;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>
/// Hands the app's orchestrators and activities to the engine. Both go through the app's middleware, orchestrators on
/// every pass: as in the real worker, middleware that awaits something not durable breaks them.
/// </summary>
sealed class DurableFunctions(
    DurableEngine engine,
    IReadOnlyList<FunctionModel> functions,
    FunctionRunner runner,
    IServiceScopeFactory scopes,
    ILogger<DurableFunctions> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (FunctionModel function in functions)
        {
            if (function.Kind is OrchestrationTriggerKind)
            {
                engine.AddOrchestrator((string)function.Plan!, context => Orchestrate(function, context));
            }
            else if (function.Kind is ActivityTriggerKind)
            {
                engine.AddActivity((string)function.Plan!, (call, stopping) => runner.InvokeAsync(
                    function, new TriggerInput(call, Data(call.InstanceId)), stopping));
            }
        }

        return engine.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);

    static Dictionary<string, object?> Data(string instanceId) => new() { ["instanceId"] = instanceId };

    async Task<object?> Orchestrate(FunctionModel function, TaskOrchestrationContext orchestration)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        // An execution that is dropped never comes back from its await; its services go with it.
        ((OrchestrationContext)orchestration).OnDiscarded = () => _ = Release(scope);
        LocalFunctionContext context = new(function, new(orchestration, Data(orchestration.InstanceId)))
        {
            InstanceServices = scope.ServiceProvider,
        };
        await runner.RunPipelineAsync(context);
        return context.Result;
    }

    async Task Release(AsyncServiceScope scope)
    {
        try
        {
            await scope.DisposeAsync();
        }
#pragma warning disable CA1031 // Whatever an application's service throws when it is disposed of.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogWarning(e, "The services of an orchestrator could not be disposed of");
        }
    }
}
