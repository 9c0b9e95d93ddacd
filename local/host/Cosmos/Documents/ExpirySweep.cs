namespace FinVault.Local.Cosmos;

/// <summary>
/// Removes expired documents from time to time. Reads pass over them anyway; this gives their space back. The SDK's
/// change feed processor relies on expiry: its lease container holds locks that must go by themselves.
/// </summary>
internal sealed class ExpirySweep : IDisposable
{
    /// <summary>Few at once, so that no write waits long for a sweep.</summary>
    private const int DocumentsAtOnce = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Catalog catalog;
    private readonly DocumentStore store;
    private readonly ITimer timer;
    private int running;

    public ExpirySweep(Catalog catalog, DocumentStore store, TimeProvider time)
    {
        this.catalog = catalog;
        this.store = store;
        timer = time.CreateTimer(static sweep => _ = ((ExpirySweep)sweep!).TickAsync(), this, Interval, Interval);
    }

    /// <summary>Sweeps every container to the end; answers how many documents went.</summary>
    public async Task<int> SweepAsync()
    {
        int swept = 0;
        foreach (CosmosContainer container in catalog.Containers)
        {
            int now;
            do
            {
                now = await store.SweepAsync(container, DocumentsAtOnce);
                swept += now;
            }
            while (now == DocumentsAtOnce);
        }
        return swept;
    }

    public void Dispose() => timer.Dispose();

    private async Task TickAsync()
    {
        if (Interlocked.Exchange(ref running, 1) != 0)
        {
            return;
        }
        try
        {
            await SweepAsync();
        }
        catch (Exception exception) when (exception is SqliteFailure or ObjectDisposedException)
        {
            // Closed meanwhile, or the disk is full: writes report that, and the next sweep tries again.
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }
}
