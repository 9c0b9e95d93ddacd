using System.Collections.Frozen;

namespace FinVault.Local.Cosmos;

/// <summary>The request headers that change what the endpoint does; all others are ignored.</summary>
internal sealed class RequestHeaders
{
    private static readonly FrozenDictionary<string, Action<RequestHeaders, string>> Known =
        new Dictionary<string, Action<RequestHeaders, string>>
        {
            ["If-Match"] = static (h, v) => h.IfMatch = v,
            ["If-None-Match"] = static (h, v) => h.IfNoneMatch = v,
            ["If-Modified-Since"] = static (h, v) => h.IfModifiedSince = v,
            ["A-IM"] = static (h, v) => h.ChangeFeed = v,
            ["Content-Type"] = static (h, v) => h.ContentType = v,
            ["Prefer"] = static (h, v) => h.MinimalAnswer = v.Contains("minimal", StringComparison.OrdinalIgnoreCase),
            ["Authorization"] = static (h, v) => h.Authorization = v,
            ["x-ms-date"] = static (h, v) => h.Date = v,
            ["x-ms-activity-id"] = static (h, v) => h.ActivityId = v,
            ["x-ms-continuation"] = static (h, v) => h.Continuation = v,
            ["x-ms-start-epk"] = static (h, v) => h.StartEpk = v,
            ["x-ms-end-epk"] = static (h, v) => h.EndEpk = v,
            ["x-ms-max-item-count"] = static (h, v) => h.MaxItemCount = int.TryParse(v, out int n) ? n : null,
            ["x-ms-documentdb-partitionkey"] = static (h, v) => h.PartitionKey = v,
            ["x-ms-documentdb-is-upsert"] = static (h, v) => h.IsUpsert = IsTrue(v),
            ["x-ms-documentdb-isquery"] = static (h, v) => h.IsQuery = IsTrue(v),
            ["x-ms-cosmos-is-query-plan-request"] = static (h, v) => h.IsQueryPlan = IsTrue(v),
            ["x-ms-cosmos-is-batch-request"] = static (h, v) => h.IsBatch = IsTrue(v),
            ["x-ms-cosmos-batch-atomic"] = static (h, v) => h.IsBatchAtomic = IsTrue(v),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public string? PartitionKey { get; private set; }
    public string? IfMatch { get; private set; }
    public string? IfNoneMatch { get; private set; }
    public string? IfModifiedSince { get; private set; }
    public string? Continuation { get; private set; }
    public string? ContentType { get; private set; }
    public string? ChangeFeed { get; private set; }
    public string? Authorization { get; private set; }
    public string? Date { get; private set; }
    public string? StartEpk { get; private set; }
    public string? EndEpk { get; private set; }
    public string? ActivityId { get; private set; }
    public bool IsUpsert { get; private set; }
    public bool IsQuery { get; private set; }
    public bool IsQueryPlan { get; private set; }
    public bool IsBatch { get; private set; }
    public bool IsBatchAtomic { get; private set; }

    /// <summary>The client wants no document back (<c>EnableContentResponseOnWrite = false</c>).</summary>
    public bool MinimalAnswer { get; private set; }

    /// <summary>Null: the service chooses (-1 on the wire).</summary>
    public int? MaxItemCount { get; private set; }

    public void Add(string name, string value)
    {
        if (Known.TryGetValue(name, out Action<RequestHeaders, string>? set))
        {
            set(this, value);
        }
    }

    private static bool IsTrue(string value) => value.Equals("true", StringComparison.OrdinalIgnoreCase);
}
