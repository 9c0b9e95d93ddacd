using Polly;

namespace FinVault.Platform.Resilience;

/// <summary>So many calls are under way and waiting that one more was refused before anything was tried.</summary>
public sealed class DependencyBusyException(string dependency)
    : ExecutionRejectedException($"Too many calls of {dependency} are under way.");

/// <summary>
/// Lets a number of calls through at a time, and a number wait: what is slow outside holds only so much of us.
/// </summary>
#pragma warning disable CA1001 // The semaphore's wait handle is never asked for: there is nothing to dispose of.
internal sealed class Bulkhead(string dependency, int concurrency, int waiting) : ResilienceStrategy
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _slots = new(concurrency, concurrency);
    private int _inside;

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback,
        ResilienceContext context, TState state)
    {
        try
        {
            if (Interlocked.Increment(ref _inside) > (long)concurrency + waiting)
            {
                return Outcome.FromException<TResult>(new DependencyBusyException(dependency));
            }

            await _slots.WaitAsync(context.CancellationToken);
            try
            {
                return await callback(context, state);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException calledOff)
        {
            return Outcome.FromException<TResult>(calledOff);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
