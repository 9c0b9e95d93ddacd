using System.Collections.Concurrent;

namespace FinVault.Local.Durable;

/// <summary>What a caller may wait for.</summary>
enum Milestone
{
    Started,
    Ended,
}

/// <summary>Callers that wait for an instance to start or to end, whether it exists yet or not.</summary>
sealed class InstanceWatch
{
    readonly ConcurrentDictionary<(string Id, Milestone), Waiters> waiting = new();

    /// <summary>Completes at the next time that the instance reaches the milestone.</summary>
    public Task<InstanceState> Next(string id, Milestone milestone, CancellationToken cancellation)
    {
        while (true)
        {
            Waiters waiters = waiting.GetOrAdd((id, milestone), _ => new());
            if (waiters.TryJoin() is { } next)
            {
                return Wait(id, milestone, waiters, next, cancellation);
            }
        }
    }

    public void Reached(InstanceState state, Milestone milestone)
    {
        if (!waiting.IsEmpty && waiting.TryRemove((state.Id, milestone), out Waiters? waiters))
        {
            waiters.Complete(state);
        }
    }

    async Task<InstanceState> Wait(
        string id, Milestone milestone, Waiters waiters, Task<InstanceState> next, CancellationToken cancellation)
    {
        try
        {
            return await next.WaitAsync(cancellation);
        }
        finally
        {
            // Nobody may ever reach it: the last to give up takes the entry along.
            if (waiters.Leave())
            {
                waiting.TryRemove(new((id, milestone), waiters));
            }
        }
    }

    sealed class Waiters
    {
        readonly TaskCompletionSource<InstanceState> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly Lock gate = new();
        int count;
        bool closed;

        public Task<InstanceState>? TryJoin()
        {
            lock (gate)
            {
                if (closed)
                {
                    return null;
                }

                count++;
                return source.Task;
            }
        }

        public bool Leave()
        {
            lock (gate)
            {
                closed |= --count == 0;
                return closed;
            }
        }

        public void Complete(InstanceState state)
        {
            lock (gate)
            {
                closed = true;
            }

            source.TrySetResult(state);
        }
    }
}
