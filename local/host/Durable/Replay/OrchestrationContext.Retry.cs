using System.Runtime.ExceptionServices;
using DurableTask.Core;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FinVault.Local.Durable;

/// <summary>
/// Retry policies and handlers, call by call as the Durable Task worker makes them: histories must agree.
/// </summary>
sealed partial class OrchestrationContext
{
    readonly HashSet<int> final = [];

    /// <summary>Notes a failure that no retry can mend.</summary>
    public void NoteFinal(int id, FailureDetails? failure)
    {
        if (failure?.IsNonRetriable == true)
        {
            final.Add(id);
        }
    }

    Task<T> WithRetry<T>(TaskRetryOptions retry, Func<Task<T>> call) =>
        retry.Policy is { } policy ? ByPolicy(policy, call) : ByHandler(retry.Handler!, call);

    async Task<T> ByPolicy<T>(RetryPolicy policy, Func<Task<T>> call)
    {
        DateTime first = Now;
        for (int retries = 0; ; retries++)
        {
            ExceptionDispatchInfo failure;
            try
            {
                return await call();
            }
            catch (Exception e) when (e is not TaskFailedException task || !final.Contains(task.TaskId))
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            if (retries + 1 >= policy.MaxNumberOfAttempts)
            {
                // The worker waits once more after the last attempt, for no time: it counts among the calls.
                await Timer(Now, default);
                failure.Throw();
            }

            TimeSpan delay = DelayBefore(retries, policy, first, failure.SourceException);
            if (delay == TimeSpan.Zero)
            {
                failure.Throw();
            }

            await Timer(Now + delay, default);
        }
    }

    async Task<T> ByHandler<T>(AsyncRetryHandler handler, Func<Task<T>> call)
    {
        DateTime first = Now;
        for (int failures = 1; ; failures++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException e) when (!final.Contains(e.TaskId))
            {
                RetryContext asked = new(this, failures, e.FailureDetails, Now - first, default);
                if (!await handler(asked))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Zero where the policy says no more.</summary>
    TimeSpan DelayBefore(int retries, RetryPolicy policy, DateTime first, Exception failure)
    {
        bool expired = policy.RetryTimeout != Timeout.InfiniteTimeSpan && Now >= first + policy.RetryTimeout;
        if (expired || !Handles(policy, failure))
        {
            return TimeSpan.Zero;
        }

        double milliseconds =
            policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, retries);
        bool unlimited = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan;
        return unlimited || milliseconds < policy.MaxRetryInterval.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : policy.MaxRetryInterval;
    }

    /// <summary>A filter that throws says no: the call's own failure is what the orchestrator must see.</summary>
    bool Handles(RetryPolicy policy, Exception failure)
    {
        try
        {
            return policy.Handle(failure);
        }
#pragma warning disable CA1031 // Whatever the application's filter throws.
        catch (Exception e)
#pragma warning restore CA1031
        {
            CreateReplaySafeLogger("Microsoft.DurableTask").LogWarning(e, "The retry filter of a call failed");
            return false;
        }
    }
}
