using System.Collections.Concurrent;

namespace FinVault.Market.Live;

/// <summary>
/// Tells those who look at something of what has changed, in rounds. Who looks is shared out by the partitions of the ticks
/// hub: whoever ingests a partition has the rounds of its share, for as long as it is ordered to and a little longer; so a
/// share has a sender wherever its partition goes, and only one.
/// </summary>
/// <param name="pace">From the beginning of a round to that of the next.</param>
public abstract class ShareRounds(TimeSpan pace) : IAsyncDisposable
{
    /// <summary>An order that is late must not leave a hole.</summary>
    private static readonly TimeSpan OrderLasts = TimeSpan.FromMilliseconds(1_500);

    // The pace of messages on the wire, not a matter of the market's time: the machine's clock, whatever the app's is.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly ConcurrentDictionary<string, Course> _courses = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private int _disposed;

    /// <summary>Whether anybody may be looking.</summary>
    public abstract Task<bool> AnyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// One round of a share; answers how many messages were sent. One at a time for each share; throws nothing but that it
    /// was cancelled.
    /// </summary>
    public abstract Task<int> RoundAsync(string shardId, CancellationToken cancellationToken);

    /// <summary>An order has come to this instance: the share's rounds go on, in the background.</summary>
    public void Ordered(string shardId)
    {
        Course course = _courses.GetOrAdd(shardId, id => new Course(id));
        lock (course)
        {
            course.Until = Clock.GetTimestamp() + (long)(OrderLasts.TotalSeconds * Clock.TimestampFrequency);
            if (!course.IsRunning && !_stop.IsCancellationRequested)
            {
                course.IsRunning = true;
                course.Running = Task.Run(() => RunAsync(course));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // Known by two names, it is disposed of by both.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_courses.Values.Select(course => course.Running));
        _stop.Dispose();
    }

    private async Task RunAsync(Course course)
    {
        while (GoesOn(course))
        {
            try
            {
                long started = Clock.GetTimestamp();
                await RoundAsync(course.ShardId, _stop.Token);
                TimeSpan rest = pace - Clock.GetElapsedTime(started);
                await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Clock, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The loop's condition ends it.
            }
        }
    }

    private bool GoesOn(Course course)
    {
        lock (course)
        {
            course.IsRunning = Clock.GetTimestamp() < course.Until && !_stop.IsCancellationRequested;
            return course.IsRunning;
        }
    }

    private sealed class Course(string shardId)
    {
        public string ShardId { get; } = shardId;

        public long Until { get; set; }

        public bool IsRunning { get; set; }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
