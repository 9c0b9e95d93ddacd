using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Audit;

/// <summary>A line of the trail.</summary>
/// <param name="Entity">What it is about; its history is at <c>audit/entities/{entity}</c>.</param>
/// <param name="Version">From 1, without gaps.</param>
/// <param name="Kind">Of the entity.</param>
/// <param name="Name">created, changed, deleted, or a business event.</param>
/// <param name="Tenant">Who may see it, beside auditors.</param>
/// <param name="Actor">A user, system, anonymous, or unknown.</param>
/// <param name="Via">The function that it was done by.</param>
/// <param name="CorrelationId">Of the request.</param>
/// <param name="At">When.</param>
/// <param name="Hash">Of this line, over the one before.</param>
/// <param name="PreviousHash">Of the line before.</param>
/// <param name="Changes">Differences to the version before; null for an event.</param>
/// <param name="Details">Of an event.</param>
/// <param name="Erased">Whether the person has been erased, so that nobody can read what it was.</param>
public sealed record AuditLine(
    string Entity, long Version, string Kind, string Name, string? Tenant, string Actor, string Via, string CorrelationId,
    DateTimeOffset At, string Hash, string PreviousHash,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldChange>? Changes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonNode? Details = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Erased = false);

/// <summary>Reads lines: opens what stands under a data key.</summary>
public sealed class AuditReader(AuditStore store, DataKeys keys)
{
    private const string List = "audit";

    /// <summary>Lines of everything, newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<AuditLine>> SearchAsync(
        AuditFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(page);
        string list = $"{List}:{filter}";
        Place? after = page.After<Place>(list);
        int shown = after?.Shown ?? 0;
        int limit = Math.Min(page.Limit, AuditFilter.MaxResults - shown);
        List<AuditRecord> rows = [];
        await foreach (AuditRecord row in store.QueryAsync<AuditRecord>(
            filter.Entity, filter.Query(after?.Before, limit + 1), cancellationToken))
        {
            rows.Add(row);
        }

        List<AuditLine> lines = [];
        foreach (AuditRecord row in rows.Take(limit))
        {
            lines.Add(await ReadAsync(row, cancellationToken));
        }

        bool more = rows.Count > limit && shown + limit < AuditFilter.MaxResults;
        return new(lines, more ? Cursor.Write(list, new Place(rows[limit - 1].Place, shown + limit)) : null);
    }

    /// <summary>The end of an entity's chain, if the caller may see it.</summary>
    /// <exception cref="ProblemException">unknown_audit_entity, also for another tenant's.</exception>
    internal async Task<AuditHead> HeadAsync(CurrentUser user, string entity, CancellationToken cancellationToken) =>
        entity.Length <= AuditFilter.MaxText && await store.FindHeadAsync(entity, cancellationToken) is { } head
            && (AuditFilter.SeesAll(user) || head.Tenant == user.TenantId)
            ? head
            : throw Problems.UnknownAuditEntity.With("Nothing has been recorded about this.");

    internal async Task<AuditLine> ReadAsync(AuditRecord row, CancellationToken cancellationToken)
    {
        AuditContent? content = await ContentAsync(row, cancellationToken);
        return new(
            row.Entity, row.Version, row.Kind, row.Name, row.Tenant, row.Actor, row.Via, row.CorrelationId, row.At,
            row.Hash, row.PreviousHash, content?.Changes, content?.Details, content is null);
    }

    /// <summary>Null when its key was destroyed.</summary>
    internal async Task<AuditContent?> ContentAsync(AuditRecord row, CancellationToken cancellationToken)
    {
        string? text = row.Content;
        if (text is not null && row.Subject is not null)
        {
            DataKey? key = await keys.GetAsync(row.Subject, cancellationToken);
            text = key?.Open(text, AuditTrail.PlaceOf(row.Entity, row.Version));
        }

        return text is null ? null : JsonSerializer.Deserialize<AuditContent>(text, Json.Options);
    }

    private sealed record Place(string Before, int Shown);
}
