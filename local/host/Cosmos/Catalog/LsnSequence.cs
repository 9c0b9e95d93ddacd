namespace FinVault.Local.Cosmos;

/// <summary>
/// Numbers a container's transactions (its LSN), by which the change feed goes forward. Numbers must never come back,
/// even if the newest documents are deleted and the process dies: a consumer would wait for ones it has already
/// passed. So the file holds an upper bound, raised once in <see cref="Block"/> transactions.
/// </summary>
internal sealed class LsnSequence(int container, long last)
{
    private const long Block = 100_000;
    private long reserved = last;
    private long current = last;

    public int Container { get; } = container;

    /// <summary>The last transaction, or a little above: numbers of undone ones are lost.</summary>
    public long Last => Volatile.Read(ref current);

    /// <summary>The container is gone; requests that still hold it answer 404.</summary>
    public bool Dropped { get; set; }

    /// <summary>The number of a new transaction, called by the writer only.</summary>
    public long Next(Connection connection)
    {
        if (current + 1 > reserved)
        {
            reserved = current + Block;
            connection.Prepare("UPDATE containers SET sequence = ?1 WHERE number = ?2")
                .Bind(1, reserved).Bind(2, Container).Run();
        }
        Volatile.Write(ref current, current + 1);
        return current;
    }

    /// <summary>A transaction was undone and perhaps its reservation with it: the next one reserves again.</summary>
    public void ForgetReservation() => reserved = current;
}
