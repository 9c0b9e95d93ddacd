using Microsoft.DurableTask;

namespace FinVault.Local.Durable;

/// <summary>
/// External events of one execution. Early events are a queue, waits are a stack: the latest wait gets the next event,
/// so that a loop may abandon its waits. A cancelled wait stays in the stack and takes an event.
/// </summary>
sealed class EventWaits(DataConverter converter)
{
    readonly Dictionary<string, Wait> waits = new(StringComparer.OrdinalIgnoreCase);
    readonly List<(string Name, string? Payload)> early = [];

    /// <summary>True while an event could still wake the orchestrator.</summary>
    public bool AnyOpen
    {
        get
        {
            foreach (Wait top in waits.Values)
            {
                for (Wait? wait = top; wait is not null; wait = wait.Next)
                {
                    if (!wait.IsCompleted)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    public Task<T?> Wait<T>(string name, CancellationToken cancellation)
    {
        Wait<T> wait = new();
        if (waits.TryGetValue(name, out Wait? below))
        {
            if (below.Type != typeof(T))
            {
                throw new ArgumentException("Events with the same name must have the same type argument. Expected"
                    + $" {below.Type.FullName} but was requested {typeof(T).FullName}.");
            }

            wait.Next = below;
        }

        waits[name] = wait;
        int first = early.FindIndex(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (first >= 0)
        {
            string? payload = early[first].Payload;
            early.RemoveAt(first);
            TryTake(name, payload);
        }

        if (cancellation.CanBeCanceled)
        {
            cancellation.Register(() => wait.Cancel(cancellation));
        }

        return wait.Task;
    }

    /// <summary>Hands the event to the latest wait of its name; false if there is none.</summary>
    public bool TryTake(string name, string? payload)
    {
        if (!waits.TryGetValue(name, out Wait? wait))
        {
            return false;
        }

        if (wait.Next is { } next)
        {
            waits[name] = next;
        }
        else
        {
            waits.Remove(name);
        }

        wait.Take(payload, converter);
        return true;
    }

    public void Keep(string name, string? payload) => early.Add((name, payload));

    /// <summary>The events that no wait took, in the order in which they came.</summary>
    public List<(string Name, string? Payload)> TakeEarly()
    {
        List<(string, string?)> all = [.. early];
        early.Clear();
        return all;
    }
}

abstract class Wait
{
    public Wait? Next { get; set; }

    public abstract Type Type { get; }

    public abstract bool IsCompleted { get; }

    public abstract void Take(string? payload, DataConverter converter);
}

sealed class Wait<T> : Wait
{
    readonly TaskCompletionSource<T?> source = new();

    public Task<T?> Task => source.Task;

    public override Type Type => typeof(T);

    public override bool IsCompleted => source.Task.IsCompleted;

    public void Cancel(CancellationToken cancellation) => source.TrySetCanceled(cancellation);

    /// <summary>A payload that does not fit throws here, outside the orchestrator, and so fails the instance.</summary>
    public override void Take(string? payload, DataConverter converter) =>
        source.TrySetResult(converter.Deserialize<T>(payload));
}
