using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FinVault.Local.Durable;

/// <summary>Finding instances: what is live in memory together with what has ended in the store, by id.</summary>
sealed partial class LocalDurableClient
{
    const int LargestPage = 1000;

    static readonly OrchestrationStatus[] Ended =
        [OrchestrationStatus.Completed, OrchestrationStatus.Failed, OrchestrationStatus.Terminated];

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        OrchestrationQuery query = filter ?? new();
        InstanceFilter asked = new(
            query.InstanceIdPrefix ?? "",
            query.Statuses?.Select(s => (OrchestrationStatus)s).ToArray() is { Length: > 0 } statuses ? statuses : null,
            query.CreatedFrom?.UtcDateTime,
            query.CreatedTo?.UtcDateTime,
            WithHistory: query.FetchInputsAndOutputs);
        DataConverter? converter = query.FetchInputsAndOutputs ? Converter : null;
        return Pageable.Create((token, size, _) =>
        {
            int count = Math.Clamp(size ?? query.PageSize, 1, LargestPage);
            List<InstanceState> found = Find(asked, token ?? query.ContinuationToken ?? "", count + 1);
            string? next = found.Count > count ? found[count - 1].Id : null;
            return Task.FromResult(new Page<OrchestrationMetadata>(
                [.. found.Take(count).Select(state => state.ToMetadata(converter))], next));
        });
    }

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        InstanceFilter asked = new(
            Statuses: runtimeStatus?.Select(s => (OrchestrationStatus)s).Intersect(Ended).ToArray() ?? Ended,
            UpdatedFrom: completedTimeFrom?.UtcDateTime,
            UpdatedTo: completedTimeTo?.UtcDateTime);
        int count = Math.Clamp(pageSize, 1, LargestPage);
        List<string> ids = [.. Find(asked, lastInstanceKey ?? "", count + 1).Select(state => state.Id)];
        return Task.FromResult(ids.Count > count
            ? new Page<string>(ids[..count], ids[count - 1])
            : new Page<string>(ids));
    }

    /// <summary>Every step of the instance's present execution, oldest first, as far as it is on disk.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public override async Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(
        string instanceId, CancellationToken cancellation = default)
    {
        NotEmpty(instanceId, nameof(instanceId));
        if (engine.FindLive(instanceId) is { } live)
        {
            List<HistoryEvent> history = live.CopyHistory();
            await engine.Commits.AddAsync([]);
            return history;
        }

        return engine.Store.Read(rows => rows.Find(instanceId)) is { } row
            ? HistoryReader.ReadAll(row.History)
            : throw NotFound(instanceId);
    }

    /// <summary>
    /// The live ones are looked at first: one that ends in between is found in both, and counted once.
    /// </summary>
    List<InstanceState> Find(InstanceFilter filter, string after, int count)
    {
        Dictionary<string, InstanceState> live = engine.Live.Values.Where(run => run.IsStored)
            .Select(run => run.Committed).ToDictionary(state => state.Id);
        SortedDictionary<string, InstanceState> found = new(Utf8Order.Instance);
        foreach (InstanceState state in live.Values)
        {
            if (Matches(state, filter) && Utf8Order.Instance.Compare(state.Id, after) > 0)
            {
                found.Add(state.Id, state);
            }
        }

        // Rows of live instances are older than memory: they are left out, and more rows are read instead.
        List<InstanceRow> rows;
        int stored = 0;
        do
        {
            string from = after;
            rows = engine.Store.Read(r => r.Page(filter, from, count));
            foreach (InstanceRow row in rows.Where(row => !live.ContainsKey(row.Id)))
            {
                found[row.Id] = InstanceState.Of(row);
                stored++;
            }

            after = rows.Count > 0 ? rows[^1].Id : after;
        }
        while (rows.Count == count && stored < count);

        return [.. found.Values.Take(count)];
    }

    static bool Matches(InstanceState state, InstanceFilter filter) =>
        state.Id.StartsWith(filter.IdPrefix, StringComparison.Ordinal)
        && filter.Statuses?.Contains(state.Status) != false
        && !(state.Created < filter.CreatedFrom) && !(state.Created > filter.CreatedTo)
        && !(state.Updated < filter.UpdatedFrom) && !(state.Updated > filter.UpdatedTo);
}
