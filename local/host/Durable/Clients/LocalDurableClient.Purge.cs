using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace FinVault.Local.Durable;

/// <summary>Forgetting instances that have ended.</summary>
sealed partial class LocalDurableClient
{
    const int PurgeBatch = 500;

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        NotEmpty(instanceId, nameof(instanceId));
        HashSet<string> ids = new(StringComparer.Ordinal);
        Collect(instanceId, options?.Recursive == true, ids);
        await Purge(ids);
        return new(ids.Count, isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        OrchestrationStatus[] statuses =
            filter.Statuses?.Select(s => (OrchestrationStatus)s).Intersect(Ended).ToArray() ?? Ended;
        InstanceFilter asked = new(
            Statuses: statuses, CreatedFrom: filter.CreatedFrom?.UtcDateTime, CreatedTo: filter.CreatedTo?.UtcDateTime);
        long began = engine.Time.GetTimestamp();
        int count = 0;
        while (true)
        {
            List<InstanceRow> rows = engine.Store.Read(r => r.Page(asked, "", PurgeBatch));
            HashSet<string> ids = new(StringComparer.Ordinal);
            rows.ForEach(row => Collect(row.Id, options?.Recursive == true, ids));
            await Purge(ids);
            count += ids.Count;
            if (rows.Count < PurgeBatch || ids.Count == 0)
            {
                return new(count, isComplete: true);
            }

            cancellation.ThrowIfCancellationRequested();
            if (engine.Time.GetElapsedTime(began) > filter.Timeout)
            {
                return new(count, isComplete: false);
            }
        }
    }

    Task Purge(HashSet<string> ids) => ids.Count == 0
        ? Task.CompletedTask
        : engine.Commits.AddAsync([.. ids.Select(id => new PurgeChange(id))]);

    /// <summary>An instance that has ended, with those that it called where asked; live ones stay.</summary>
    void Collect(string instanceId, bool recursive, HashSet<string> ids)
    {
        if (engine.Live.ContainsKey(instanceId) || ids.Contains(instanceId)
            || engine.Store.Read(rows => rows.Find(instanceId)) is not { } row || !InstanceImage.IsEnd(row.Status))
        {
            return;
        }

        ids.Add(instanceId);
        if (!recursive)
        {
            return;
        }

        foreach (SubOrchestrationInstanceCreatedEvent child in
            HistoryReader.ReadAll(row.History).OfType<SubOrchestrationInstanceCreatedEvent>())
        {
            Collect(child.InstanceId!, recursive, ids);
        }
    }
}
