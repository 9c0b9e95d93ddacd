using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace FinVault.Audit;

/// <summary>
/// The automatic layer: adds what has changed to the entity's chain. Nothing of it happens in the call that makes the
/// change, so no caller waits for it and none can forget it: the store's seam writes a <see cref="StoredChange"/> into
/// the transaction of each, and the change feed brings them one by one. What was changed past the seam is found by the
/// document itself, compared with what was audited last; it is nobody's.
/// </summary>
public sealed partial class ChangeAuditor(
    AuditStore store, CosmosClient cosmos, DataKeys keys, TimeProvider time, ILogger<ChangeAuditor> logger)
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
        // What comes behind a change that waits waits too: a chain has its changes in their order.
        HashSet<ChangeSource> waiting = [];
        foreach (JsonElement document in changes)
        {
            bool told = IsTold(document);
            if ((!told && AuditedKinds.Find(container, document) is null) || waiting.Contains(PlaceOf(container, document)))
            {
                continue;
            }

            try
            {
                await (told
                    ? AuditToldAsync(container, document, cancellationToken)
                    : AuditFoundAsync(container, AuditedKinds.Find(container, document)!, document, cancellationToken));
            }
            catch (Exception passing) when (Failures.IsTransient(passing))
            {
                later.Add(passing);
                waiting.Add(PlaceOf(container, document));
            }
            catch (Exception lasting) when (lasting is not OperationCanceledException)
            {
                // One document that cannot be read must not keep every other from being audited.
                LogLost(document.GetProperty("type").GetString()!, document.GetProperty("id").GetString()!, lasting);
            }
        }

        if (later.Count > 0)
        {
            throw new AggregateException($"{later.Count} changes of {container} could not be audited now.", later);
        }
    }

    [LoggerMessage(1600, LogLevel.Critical, "A change of {Kind} {Document} could not be audited")]
    private partial void LogLost(string kind, string document, Exception failure);

    /// <summary>A change that was told as it was made: a line of its own, and then it need not be kept.</summary>
    private async Task AuditToldAsync(string container, JsonElement document, CancellationToken cancellationToken)
    {
        StoredChange change = document.Deserialize<StoredChange>(Json.Options)!;
        ChangeSource source = SourceOf(container, document) with { DocumentId = change.Of, Deleted = change.Removed is not null };
        AuditedKind kind = change.Document is { } whole ? AuditedKinds.Find(container, whole)!
            : AuditedKinds.Find(change.Removed?.Kind ?? change.By.Kind ?? "")
                ?? throw new InvalidOperationException($"No kind {change.By.Kind} is audited.");
        string entity = EntityName.Of(kind.Name, source.Partition, change.Of);
        AuditHead? known = await store.FindHeadAsync(entity, cancellationToken);
        string? subject = (change.Document is { } written ? kind.SubjectOf(written) : null)
            ?? known?.Subject ?? change.Removed?.Subject;
        string? tenant = change.Document is { } owned ? kind.TenantOf(owned) : change.Removed?.Tenant;
        DataKey? key = subject is null ? null : await keys.GetAsync(subject, cancellationToken);
        await store.AppendAsync(
            entity,
            head =>
            {
                AuditHead before = head ?? new(entity, kind.Name, tenant, 0, AuditRecord.FirstHash, true, subject);
                JsonObject? was = StateOf(before, key);
                // Sets of what the trail does not know are in the document, which the feed brings as well.
                return before.Stamp == change.By.Id || IsPast(source, before.Source) || (change.Sets is not null && was is null)
                    ? null
                    : Append(before, was, kind.After(was, change, Hide(key)), change.By, tenant, subject, key, source);
            },
            MarkerOf(change.By), cancellationToken);
        using ResponseMessage gone = await cosmos.GetContainer(Containers.Database, container).DeleteItemStreamAsync(
            change.Id, new PartitionKey(source.Partition), null, cancellationToken);
        if (gone.StatusCode != HttpStatusCode.NotFound)
        {
            gone.EnsureSuccessStatusCode();
        }
    }

    /// <summary>A document as it is now: it was told of, or changed past the store's seam.</summary>
    private async Task AuditFoundAsync(
        string container, AuditedKind kind, JsonElement document, CancellationToken cancellationToken)
    {
        ChangeSource source = SourceOf(container, document);
        string entity = EntityName.Of(kind.Name, source.Partition, source.DocumentId);
        string? subject = kind.SubjectOf(document);
        DataKey? key = subject is null ? null : await keys.GetAsync(subject, cancellationToken);
        JsonObject state = kind.Shape.Clean(document, Hide(key));
        ChangeStamp? stamp = document.TryGetProperty(ChangeStamp.Field, out JsonElement by)
            ? by.Deserialize<ChangeStamp>(Json.Options)
            : null;
        AuditHead? known = await store.FindHeadAsync(entity, cancellationToken);
        // A change that did not say whose it is carries the stamp of the one before, and is nobody's.
        bool isNobodys = stamp is null || stamp.Id == known?.Stamp;
        ChangeStamp whose = isNobodys ? new("", Unknown, "", "", time.GetUtcNow()) : stamp!;
        await store.AppendAsync(
            entity,
            head =>
            {
                AuditHead before = head
                    ?? new(entity, kind.Name, kind.TenantOf(document), 0, AuditRecord.FirstHash, true, subject);
                return before.Source is { } last && IsOld(source, last) ? null
                    : Append(
                        before, StateOf(before, key), state, whose, kind.TenantOf(document), subject, key, source,
                        stamp?.Id);
            },
            isNobodys ? null : MarkerOf(whose), cancellationToken);
    }

    private static (AuditRecord Line, AuditHead Head)? Append(
        AuditHead before, JsonObject? was, JsonObject? state, ChangeStamp by, string? tenant, string? subject, DataKey? key,
        ChangeSource source, string? stamp = null)
    {
        List<FieldChange> different = FieldChanges.Between(was, state);
        if (different.Count == 0 && !source.Deleted)
        {
            return null;
        }

        string name = state is null ? Deleted : before.State is null ? Created : Changed;
        AuditRecord line = AuditTrail.Line(before, name, by, tenant, subject, key, new(different, null));
        return (line, Next(before, line, state, key) with
        {
            Stamp = stamp ?? (by.Id.Length > 0 ? by.Id : before.Stamp), Source = source,
        });
    }

    // No two changes have one; what comes again, also in the other way, adds nothing.
    private static string MarkerOf(ChangeStamp stamp) => $"change:{stamp.Id}";

    private static Func<string, string> Hide(DataKey? key) =>
        secret => key is null ? Hidden : $"{Hidden} {key.Fingerprint(secret)}";

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

    private static bool IsTold(JsonElement document) =>
        document.TryGetProperty("type", out JsonElement type) && type.ValueEquals(StoredChange.DocumentType);

    /// <summary>Which document it is about.</summary>
    private static ChangeSource PlaceOf(string container, JsonElement document)
    {
        ChangeSource source = SourceOf(container, document);
        string of = IsTold(document) ? document.GetProperty("of").GetString()! : source.DocumentId;
        return new(source.Partition, of, "", 0, 0);
    }

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
    private static bool IsOld(ChangeSource now, ChangeSource last) =>
        now.ETag == last.ETag || (now.Sequence <= last.Sequence && now.Second <= last.Second);

    // Changes of one transaction have one number.
    private static bool IsPast(ChangeSource now, ChangeSource? last) =>
        now.Sequence < last?.Sequence && now.Second <= last.Second;
}
