using DurableTask.Core.History;

namespace FinVault.Local.Durable;

/// <summary>What comes for an instance, and when a pass must take it.</summary>
sealed partial class Instance
{
    /// <summary>Adds a message; true if the instance must be queued for a pass now.</summary>
    public bool Post(StoredMessage message)
    {
        lock (gate)
        {
            if (hasEnded)
            {
                return false;
            }

            inbox.Add(message);
            // One that has not begun need not wait for its start to be ended.
            isReady |= message.Event is ExecutionTerminatedEvent;
            return Queue();
        }
    }

    /// <summary>Passes may run from now on; true if the instance must be queued for one now.</summary>
    public bool Activate()
    {
        lock (gate)
        {
            isReady = true;
            return inbox.Count > 0 && Queue();
        }
    }

    /// <summary>Asks for a pass without a message.</summary>
    public bool Wake()
    {
        lock (gate)
        {
            return !hasEnded && Queue();
        }
    }

    public List<StoredMessage> TakeInbox()
    {
        lock (gate)
        {
            List<StoredMessage> taken = inbox;
            inbox = [];
            return taken;
        }
    }

    /// <summary>Ends a pass; true if another must follow.</summary>
    public bool EndPass()
    {
        lock (gate)
        {
            isQueued = !hasEnded && inbox.Count > 0 && isReady;
            return isQueued;
        }
    }

    /// <summary>Drops the session unless a pass is on its way.</summary>
    public void DropIdleSession(DateTime unusedSince)
    {
        lock (gate)
        {
            if (!isQueued && LastUsed < unusedSince)
            {
                Session?.Discard();
                Session = null;
            }
        }
    }

    /// <summary>No worker here takes the instance: its messages wait for another start of the engine.</summary>
    public void Park(List<StoredMessage> taken)
    {
        lock (gate)
        {
            isReady = false;
            inbox.InsertRange(0, taken);
        }
    }

    /// <summary>Messages that come from now on are for nobody.</summary>
    public void End()
    {
        lock (gate)
        {
            hasEnded = true;
            inbox.Clear();
        }
    }

    bool Queue()
    {
        if (isQueued || !isReady)
        {
            return false;
        }

        isQueued = true;
        return true;
    }
}
