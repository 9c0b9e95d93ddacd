using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Audit;

/// <summary>
/// The audit trail as slices write to it: business events, each a line in the chain of what it is about. What an
/// <see cref="Platform.Outbox.OutboxMessage"/> can carry is better told by <see cref="AuditMessages"/>, which commits it with the
/// change.
/// </summary>
public sealed class AuditTrail(AuditStore store, DataKeys keys, TimeProvider time)
{
    /// <summary>Adds a line about an event. The same id adds one line, however often it is told.</summary>
    public async Task RecordAsync(AuditEvent told, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(told);
        string id = told.Id ?? Ids.New("AUDIT", time);
        JsonNode? details = told.Details is null ? null : JsonSerializer.SerializeToNode(told.Details, Json.Options);
        DataKey? key = told.Subject is null ? null : await keys.GetAsync(told.Subject, cancellationToken);
        string entity = EntityName.Of(told.Kind, told.EntityId);
        await store.AppendAsync(
            entity,
            head =>
            {
                ChangeStamp by = told.By ?? ChangeStamp.Now() with { At = time.GetUtcNow() };
                AuditRecord line = Line(
                    head ?? new(entity, told.Kind, told.Tenant, 0, AuditRecord.FirstHash, true, told.Subject),
                    told.Name, by, told.Tenant, told.Subject, key, new(null, details));
                AuditHead before = head ?? new(entity, told.Kind, told.Tenant, 0, "", true, told.Subject);
                return (line, before with { Version = line.Version, Hash = line.Hash, Open = true });
            },
            $"event:{id}", cancellationToken);
    }

    internal static AuditRecord Line(
        AuditHead before, string name, ChangeStamp by, string? tenant, string? subject, DataKey? key, AuditContent content)
    {
        long version = before.Version + 1;
        AuditRecord line = new(
            before.Entity, version, before.Kind, name, tenant ?? before.Tenant, by.By, by.Via, by.CorrelationId, by.At,
            subject, Close(content, before.Entity, version, subject, key), before.Hash);
        return line with { Hash = line.ComputeHash() };
    }

    private static string? Close(AuditContent content, string entity, long version, string? subject, DataKey? key)
    {
        string text = JsonSerializer.Serialize(content, Json.Options);
        return subject is null ? text : key?.Close(text, PlaceOf(entity, version));
    }

    /// <summary>What a line's content is bound to.</summary>
    internal static string PlaceOf(string entity, long version) => $"{entity}|{AuditRecord.IdOf(version)}";
}

/// <summary>A business event.</summary>
/// <param name="Kind">Of what it is about, e.g. <c>user</c>.</param>
/// <param name="EntityId">Which one.</param>
/// <param name="Name">What happened, <c>slice.event</c>.</param>
/// <param name="Tenant">Who may see it beside auditors; null for nobody.</param>
/// <param name="Subject">The user or tenant whose data the details are; null for nobody's.</param>
/// <param name="Details">What there is to know; secrets never. Null for nothing.</param>
/// <param name="By">Who did it; null for whoever is calling now.</param>
/// <param name="Id">The writer's own, where a repetition must add no second line.</param>
public sealed record AuditEvent(
    string Kind, string EntityId, string Name, string? Tenant = null, string? Subject = null, object? Details = null,
    ChangeStamp? By = null, string? Id = null);

/// <summary>Names of entities in the trail.</summary>
internal static class EntityName
{
    public static string Of(string kind, string id) => $"{kind}:{id}";

    /// <summary>Of a document. Where its id is its partition's, or the same in every partition, one of them names it.</summary>
    public static string Of(string kind, string partition, string id) =>
        id == partition || id == kind || !id.Contains('_', StringComparison.Ordinal)
            ? Of(kind, partition)
            : $"{kind}:{partition}:{id}";
}
