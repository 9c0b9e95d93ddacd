using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>How the run of a function, with its retries, ended.</summary>
public enum RetryOutcome
{
    Succeeded,

    /// <summary>It threw and no retry is left: the trigger goes on.</summary>
    Failed,

    /// <summary>The host stops while it waited for the next attempt: nothing may be checkpointed.</summary>
    Abandoned,
}

/// <summary>
/// A retry attribute's policy. As in the WebJobs SDK (FunctionExecutorExtensions.TryExecuteAsync): the same input again, the
/// trigger held meanwhile; -1 retries for ever. The exponential delay is RandomizedExponentialBackoffStrategy's: the
/// minimum first, then the minimum plus a randomised 2^n times itself, at most the maximum.
/// </summary>
public sealed class RetryPolicy
{
    private readonly TimeSpan _minimum;
    private readonly TimeSpan _maximum;

    private RetryPolicy(int maxRetryCount, TimeSpan minimum, TimeSpan maximum)
    {
        MaxRetryCount = maxRetryCount;
        _minimum = minimum;
        _maximum = maximum;
    }

    public int MaxRetryCount { get; }

    /// <summary>The method's policy; null when it has none.</summary>
    /// <exception cref="BindingException">A count below -1 or an interval that is none.</exception>
    public static RetryPolicy? Find(MethodInfo method)
    {
        RetryAttribute[] attributes = [.. method.GetCustomAttributes<RetryAttribute>()];
        if (attributes.Length > 1)
        {
            throw new BindingException("has more than one retry attribute.");
        }

        return attributes.SingleOrDefault() switch
        {
            FixedDelayRetryAttribute fixedDelay => Create(
                fixedDelay.MaxRetryCount, fixedDelay.DelayInterval, fixedDelay.DelayInterval),
            ExponentialBackoffRetryAttribute backoff => Create(
                backoff.MaxRetryCount, backoff.MinimumInterval, backoff.MaximumInterval),
            _ => null,
        };
    }

    public TimeSpan NextDelay(int retryCount)
    {
        if (_minimum == _maximum)
        {
            return _minimum;
        }

        // The first delay is the minimum. Past 2^30 the maximum always decides; the bound keeps the power finite.
        double growth = retryCount < 2 ? 0 : Math.Pow(2, Math.Min(retryCount - 2, 30));
        double jitter = 0.8 + (Random.Shared.NextDouble() * 0.4);
        double seconds = _minimum.TotalSeconds * (1 + (growth * jitter));
        return TimeSpan.FromSeconds(Math.Min(seconds, _maximum.TotalSeconds));
    }

    private static RetryPolicy Create(int count, string minimum, string maximum)
    {
        if (count < -1)
        {
            throw new BindingException($"retries {count} times; -1 (for ever) is the least.");
        }

        (TimeSpan low, TimeSpan high) = (Interval(minimum), Interval(maximum));
        return low <= high
            ? new RetryPolicy(count, low, high)
            : throw new BindingException($"has a retry whose minimum interval {minimum} is above its maximum {maximum}.");
    }

    private static TimeSpan Interval(string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan interval) && interval >= TimeSpan.Zero
            ? interval
            : throw new BindingException($"has a retry interval that is no time span: '{text}'.");
}
