using DurableTask.Core;

namespace FinVault.Local.Durable;

/// <summary>What a query asks for; null where anything will do.</summary>
sealed record InstanceFilter(
    string IdPrefix = "",
    IReadOnlyCollection<OrchestrationStatus>? Statuses = null,
    DateTime? CreatedFrom = null,
    DateTime? CreatedTo = null,
    DateTime? UpdatedFrom = null,
    DateTime? UpdatedTo = null,
    bool WithHistory = false);

/// <summary>A stored instance; its history is encoded.</summary>
sealed record InstanceRow(
    string Id,
    string Name,
    OrchestrationStatus Status,
    DateTime Created,
    DateTime Updated,
    string? CustomStatus,
    IReadOnlyDictionary<string, string>? Tags,
    byte[] History);
