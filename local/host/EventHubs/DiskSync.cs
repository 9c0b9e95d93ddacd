using System.Collections.Concurrent;

namespace FinVault.Local.EventHubs;

/// <summary>
/// The thread on which a hub waits for the disk, so that no pool thread does. One is enough: while it waits for one
/// partition, the others' appends gather into larger groups.
/// </summary>
internal sealed class DiskSync : IDisposable
{
    private readonly BlockingCollection<PartitionLog> _queue = [];
    private readonly Thread _thread;

    public DiskSync(string hub)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"event hub {hub}" };
        _thread.Start();
    }

    public void Enqueue(PartitionLog partition) => _queue.Add(partition);

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        foreach (PartitionLog partition in _queue.GetConsumingEnumerable())
        {
            if (partition.WriteGroup())
            {
                _queue.Add(partition);
            }
        }
    }
}
