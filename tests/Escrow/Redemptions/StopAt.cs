using FinVault.Escrow;
using FinVault.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FinVault.Tests.Escrow.Redemptions;

/// <summary>
/// Stops an activity before it does anything, or after it has done all and nobody has heard of it. It then stands until
/// its host is disposed of, which is what a killed process leaves.
/// </summary>
internal sealed class StopAt(string function, bool after) : IFunctionsWorkerMiddleware
{
    // What a settlement needs, so that a host starts in a moment.
    private static readonly Type[] Functions =
    [
        typeof(WalletFunctions), typeof(PaymentFunctions), typeof(MerchantFunctions), typeof(CardFunctions),
        typeof(RedemptionFunctions), typeof(SettlementFunctions),
    ];

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    public LocalHostOptions In(LocalHostOptions options) => Around(options with { FunctionTypes = Functions });

    /// <summary>With the functions that the host has anyway.</summary>
    public LocalHostOptions Around(LocalHostOptions options) => options with
    {
        DrainTimeout = TimeSpan.FromMilliseconds(50),
        App = (worker, configuration) =>
        {
            options.App(worker, configuration);
            worker.Use(next => context => Invoke(context, next));
        },
    };

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.FunctionDefinition.Name != function)
        {
            await next(context);
            return;
        }

        if (after)
        {
            await next(context);
        }

        _reached.TrySetResult();
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }
}
