using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Audit;

/// <summary>
/// The automatic layer: compares what the change feed brings with what was audited last, and adds what is different to
/// the entity's chain. Nothing of it happens in the call that makes the change, so no caller waits for it and none can
/// forget it; the change itself carries who made it (<see cref="ChangeStamp"/>). Changes of one document within a poll
/// of the feed come as one, under the last one's stamp.
/// </summary>
public sealed partial class ChangeAuditor(
    AuditStore store, DataKeys keys, TimeProvider time, ILogger<ChangeAuditor> logger)
{
    internal const string Created = "created";
    internal const string Changed = "changed";
    internal const string Deleted = "deleted";
    internal const string Unknown = "unknown";

    private const string Hidden = "(secret)";

    /// <summary>Audits what is audited among a container's changes. The same changes again add nothing.</summary>
    /// <exception cref="AggregateException">Some could not be written now; call again.</exception>
    public async Task AuditAsync(
        string container, IReadOnlyList<JsonElement> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        List<Exception> later = [];
        foreach (JsonElement document in changes)
        {
            if (AuditedKinds.Find(container, document) is not { } kind)
            {
                continue;
            }

            try
            {
                await AuditAsync(container, kind, document, cancellationToken);
            }
            catch (Exception passing) when (Failures.IsTransient(passing))
            {
                later.Add(passing);
            }
            catch (Exception lasting) when (lasting is not OperationCanceledException)
            {
                // One document that cannot be read must not keep every other from being audited.
                LogLost(kind.Name, document.GetProperty("id").GetString()!, lasting);
            }
        }

        if (later.Count > 0)
        {
            throw new AggregateException($"{later.Count} changes of {container} could not be audited now.", later);
        }
    }

    [LoggerMessage(1600, LogLevel.Critical, "A change of {Kind} {Document} could not be audited")]
    private partial void LogLost(string kind, string document, Exception failure);

    private async Task AuditAsync(
        string container, AuditedKind kind, JsonElement document, CancellationToken cancellationToken)
    {
        ChangeSource source = SourceOf(container, document);
        string entity = EntityName.Of(kind.Name, source.Partition, source.DocumentId);
        string? subject = kind.SubjectOf(document);
        DataKey? key = subject is null ? null : await keys.GetAsync(subject, cancellationToken);
        JsonObject state = kind.Shape.Clean(document, secret => key is null ? Hidden : $"{Hidden} {key.Fingerprint(secret)}");
        ChangeStamp? stamp = document.TryGetProperty(ChangeStamp.Field, out JsonElement by)
            ? by.Deserialize<ChangeStamp>(Json.Options)
            : null;
        await store.AppendAsync(
            entity,
            head =>
            {
                AuditHead before = head
                    ?? new(entity, kind.Name, kind.TenantOf(document), 0, AuditRecord.FirstHash, true, subject);
                if (before.Source is { } last && IsOld(source, last))
                {
                    return null;
                }

                List<FieldChange> different = FieldChanges.Between(StateOf(before, key), state);
                if (different.Count == 0)
                {
                    return null;
                }

                // A change that did not say whose it is carries the stamp of the one before, and is nobody's.
                ChangeStamp whose = stamp is null || stamp.Id == before.Stamp
                    ? new("", Unknown, "", "", time.GetUtcNow())
                    : stamp;
                AuditRecord line = AuditTrail.Line(
                    before, before.State is null ? Created : Changed, whose, kind.TenantOf(document), subject, key,
                    new(different, null));
                return (line, Next(before, line, state, key) with { Stamp = stamp?.Id ?? before.Stamp, Source = source });
            },
            null, cancellationToken);
    }

    /// <summary>The document is gone, which no change feed tells.</summary>
    internal Task RemoveAsync(RemovedDocument removed, string marker, CancellationToken cancellationToken)
    {
        AuditedKind kind = AuditedKinds.Find(removed.Kind)
            ?? throw new InvalidOperationException($"No kind {removed.Kind} is audited.");
        string entity = EntityName.Of(kind.Name, removed.Partition, removed.DocumentId);
        return AppendRemovalAsync(entity, kind, removed, marker, cancellationToken);
    }

    private async Task AppendRemovalAsync(
        string entity, AuditedKind kind, RemovedDocument removed, string marker, CancellationToken cancellationToken)
    {
        AuditHead? known = await store.FindHeadAsync(entity, cancellationToken);
        string? subject = known?.Subject ?? removed.Subject;
        DataKey? key = subject is null ? null : await keys.GetAsync(subject, cancellationToken);
        await store.AppendAsync(
            entity,
            head =>
            {
                AuditHead before = head ?? new(entity, kind.Name, removed.Tenant, 0, AuditRecord.FirstHash, true, subject);
                AuditRecord line = AuditTrail.Line(
                    before, Deleted, removed.By, removed.Tenant, subject, key,
                    new(FieldChanges.Between(StateOf(before, key), null), null));
                ChangeSource gone = new(
                    removed.Partition, removed.DocumentId, "", long.MaxValue, removed.By.At.ToUnixTimeSeconds(), true);
                return (line, Next(before, line, null, key) with { Stamp = removed.By.Id, Source = gone });
            },
            $"removed:{marker}", cancellationToken);
    }

    /// <summary>What was audited last; null for nothing, or when its key is gone.</summary>
    internal static JsonObject? StateOf(AuditHead head, DataKey? key) => head switch
    {
        { State: null } => null,
        { Subject: null } => (JsonObject)JsonNode.Parse(head.State)!,
        _ when key is null => null,
        _ => (JsonObject)JsonNode.Parse(key.Open(head.State, head.Entity))!,
    };

    private static AuditHead Next(AuditHead before, AuditRecord line, JsonObject? state, DataKey? key) => before with
    {
        Tenant = line.Tenant,
        Version = line.Version,
        Hash = line.Hash,
        Open = true,
        Subject = line.Subject,
        State = state is null ? null
            : line.Subject is null ? state.ToJsonString(Json.Options)
            : key?.Close(state.ToJsonString(Json.Options), before.Entity),
    };

    private static ChangeSource SourceOf(string container, JsonElement document)
    {
        string partition = Containers.All.First(one => one.Name == container).PartitionKey[1..];
        return new(
            document.GetProperty(partition).GetString()!, document.GetProperty("id").GetString()!,
            document.GetProperty("_etag").GetString()!,
            document.TryGetProperty("_lsn", out JsonElement sequence) ? sequence.GetInt64() : 0,
            document.GetProperty("_ts").GetInt64());
    }

    // Numbers of the feed may begin anew when an account is restored; then the time still goes on.
    private static bool IsOld(ChangeSource now, ChangeSource last) => now.ETag == last.ETag
        || (now.Sequence <= last.Sequence && (now.Second < last.Second || (now.Second == last.Second && !last.Deleted)))
        || (last.Deleted && now.Second <= last.Second);
}

/// <summary>A document that was deleted, as the outbox tells it.</summary>
/// <param name="Kind">Of the audited kinds.</param>
/// <param name="Partition">Where it was.</param>
/// <param name="DocumentId">Its id.</param>
/// <param name="Tenant">Who may see its trail.</param>
/// <param name="Subject">Whose data it was.</param>
/// <param name="By">Who deleted it.</param>
public sealed record RemovedDocument(
    string Kind, string Partition, string DocumentId, string? Tenant, string? Subject, ChangeStamp By);
