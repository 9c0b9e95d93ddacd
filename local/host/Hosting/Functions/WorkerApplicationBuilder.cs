using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FinVault.Local.Hosting;

/// <summary>
/// Collects the app's services and middleware. The middleware registered first is the outermost, and the function itself the
/// innermost, as DefaultInvocationPipelineBuilder of the worker builds them.
/// </summary>
public sealed class WorkerApplicationBuilder(IServiceCollection services) : IFunctionsWorkerApplicationBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    public IServiceCollection Services { get; } = services;

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _middleware.Add(middleware);
        return this;
    }

    public FunctionExecutionDelegate Build(FunctionExecutionDelegate function) =>
        Enumerable.Reverse(_middleware).Aggregate(function, (next, middleware) => middleware(next));
}
