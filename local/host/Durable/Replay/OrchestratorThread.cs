namespace FinVault.Local.Durable;

/// <summary>
/// Keeps an orchestrator on one logical thread: its continuations run one after another within a pass. A continuation
/// that comes from anywhere else belongs to an await that is not durable, and is refused.
/// </summary>
sealed class OrchestratorThread : SynchronizationContext
{
    public const string IllegalAwait =
        "An invalid asynchronous invocation was detected. This can be caused by awaiting non-durable tasks "
        + "in an orchestrator function's implementation or by middleware that invokes asynchronous code.";

    [ThreadStatic]
    static OrchestratorThread? current;

    readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    volatile bool violated;

    /// <summary>An await that was not durable has been seen; the instance cannot go on faithfully.</summary>
    public bool Violated => violated;

    /// <summary>Called once, from whatever thread, when such an await is seen outside a pass.</summary>
    public Action? OnViolation { get; set; }

    public bool IsCurrent => current == this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            posted.Enqueue((d, state));
        }
        else
        {
            Violate();
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        EnsureCurrent();
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    public void EnsureCurrent()
    {
        if (!IsCurrent)
        {
            Violate();
            throw new InvalidOperationException(IllegalAwait);
        }
    }

    /// <summary>Runs one pass, or a part of it, as the orchestrator.</summary>
    public void Run(Action pass)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        OrchestratorThread? outer = current;
        SetSynchronizationContext(this);
        current = this;
        try
        {
            pass();
        }
        finally
        {
            current = outer;
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs what was posted within the pass until nothing is left.</summary>
    public void Drain()
    {
        while (posted.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
        {
            next.Callback(next.State);
        }
    }

    void Violate()
    {
        if (!violated)
        {
            violated = true;
            OnViolation?.Invoke();
        }
    }
}
