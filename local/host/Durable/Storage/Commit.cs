namespace FinVault.Local.Durable;

/// <summary>Changes that come true together.</summary>
sealed class Commit
{
    [ThreadStatic]
    static ByteWriter? writer;

    public Commit(params IReadOnlyList<StoreChange> changes)
    {
        Changes = changes;
        ByteWriter to = writer ??= new(1024);
        to.Clear();
        StoreChange.WriteAll(to, changes);
        Bytes = to.ToArray();
    }

    public IReadOnlyList<StoreChange> Changes { get; }

    public byte[] Bytes { get; }

    /// <summary>Runs on the committing thread once the changes are on disk; must be short.</summary>
    public Action? OnCommitted { get; init; }

    /// <summary>Told when the store failed instead.</summary>
    public Action<Exception>? OnFailed { get; init; }
}
