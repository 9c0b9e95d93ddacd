using System.Collections.Concurrent;

namespace FinVault.Local.Durable;

/// <summary>
/// Orchestrators that stay in memory between passes. They are only faster: whatever is dropped here is rebuilt from
/// history. Bounded by number, and by the time that one may idle.
/// </summary>
sealed class SessionCache(DurableOptions options, TimeProvider time)
{
    readonly ConcurrentDictionary<Instance, byte> kept = new();
    long lastSweep = time.GetTimestamp();

    public PassResult Keep(Instance instance, Execution session, PassResult result)
    {
        if (!options.ExtendedSessionsEnabled)
        {
            session.Discard();
            return result;
        }

        if (result.Completion is not null || kept.Count >= options.MaxExtendedSessions)
        {
            instance.Session = null;
            kept.TryRemove(instance, out _);
            session.Discard();
        }
        else
        {
            if (instance.Session is null)
            {
                kept.TryAdd(instance, 0);
            }

            instance.Session = session;
            instance.LastUsed = time.GetUtcNow().UtcDateTime;
        }

        Sweep();
        return result;
    }

    /// <summary>
    /// Now and then one pass looks after all; an idle session is dropped at its instance's next pass.
    /// </summary>
    void Sweep()
    {
        TimeSpan idle = TimeSpan.FromSeconds(options.ExtendedSessionIdleTimeoutInSeconds);
        long last = Volatile.Read(ref lastSweep), now = time.GetTimestamp();
        if (time.GetElapsedTime(last, now) < idle || Interlocked.CompareExchange(ref lastSweep, now, last) != last)
        {
            return;
        }

        DateTime limit = time.GetUtcNow().UtcDateTime - idle;
        foreach (Instance instance in kept.Keys)
        {
            if (instance.LastUsed < limit && kept.TryRemove(instance, out _))
            {
                instance.DropIdleSession(limit);
            }
        }
    }
}
