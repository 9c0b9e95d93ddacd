using System.Text.Json.Nodes;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Audit;

/// <summary>What a rollback would do, or has done.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Version">To which version.</param>
/// <param name="CurrentVersion">From which one.</param>
/// <param name="Changes">What is set back.</param>
/// <param name="Kept">What was different too, and stays as it is now, since it may not be set back.</param>
/// <param name="Tag">Of a preview: what confirms it, as its <c>ETag</c> does.</param>
public sealed record RollbackView(
    string Entity, long Version, long CurrentVersion, IReadOnlyList<FieldChange> Changes, IReadOnlyList<string> Kept,
    string? Tag = null);

/// <summary>Sets an entity back to a version, for the kinds of which that is lawful.</summary>
public sealed class Rollbacks(
    AuditReader reader, AuditStore store, AuditTrail trail, DataKeys keys, IEnumerable<IRollbackTarget> targets)
{
    private readonly Dictionary<string, IRollbackTarget> _targets = targets.ToDictionary(target => target.Kind);

    /// <summary>What would change, and the tag that confirms it.</summary>
    /// <exception cref="ProblemException">unknown_audit_entity, unknown_audit_version, rollback_not_allowed.</exception>
    public async Task<(RollbackView View, string Tag)> PreviewAsync(
        CurrentUser user, string entity, string version, CancellationToken cancellationToken)
    {
        Plan plan = await PlanAsync(user, entity, version, cancellationToken);
        return (plan.View with { Tag = plan.Head.Hash }, plan.Head.Hash);
    }

    /// <summary>Does what was previewed, if nothing has changed since.</summary>
    /// <exception cref="ProblemException">As for the preview; changed_meanwhile, and what the slice refuses.</exception>
    public async Task<RollbackView> RunAsync(
        CurrentUser user, string entity, string version, string tag, CancellationToken cancellationToken)
    {
        Plan plan = await PlanAsync(user, entity, version, cancellationToken);
        if (plan.Head.Hash != tag)
        {
            throw Problems.ChangedMeanwhile.With("It has changed since you looked. Look at what would change now.");
        }

        if (plan.View.Changes.Count > 0)
        {
            ChangeSource source = plan.Head.Source!;
            await plan.Target.RollBackAsync(
                new(source.Partition, source.DocumentId, plan.Head.Stamp!, plan.Now, plan.Then), user, cancellationToken);
            string id = EntityId(plan.Head);
            await trail.RecordAsync(
                new(plan.Head.Kind, id, "audit.rolledBack", plan.Head.Tenant, Details: new { ToVersion = plan.View.Version }),
                cancellationToken);
        }

        return plan.View;
    }

    private static string EntityId(AuditHead head) => head.Entity[(head.Kind.Length + 1)..];

    private async Task<Plan> PlanAsync(
        CurrentUser user, string entity, string version, CancellationToken cancellationToken)
    {
        AuditHead head = await reader.HeadAsync(user, entity, cancellationToken);
        if (!long.TryParse(version, out long number) || number < 1 || number > head.Version)
        {
            throw Problems.UnknownAuditVersion.With($"Versions are 1 to {head.Version}.");
        }

        if (!_targets.TryGetValue(head.Kind, out IRollbackTarget? target))
        {
            throw Problems.RollbackNotAllowed.With(
                $"Of the kind {head.Kind} nothing can be set back; of {string.Join(", ", _targets.Keys.Order())} it can.");
        }

        DataKey? key = head.Subject is null ? null : await keys.GetAsync(head.Subject, cancellationToken);
        JsonObject now = head is { Stamp: not null, Source.Deleted: false } ? ChangeAuditor.StateOf(head, key) ?? throw Gone() : throw Gone();
        JsonObject then = await StateAtAsync(head, now, number, cancellationToken) ?? throw Gone();
        List<FieldChange> all = FieldChanges.Between(now, then);
        List<FieldChange> lawful = [.. all.Where(change => target.Fields.Contains(change.Path))];
        RollbackView view = new(
            entity, number, head.Version, lawful, [.. all.Except(lawful).Select(change => change.Path)]);
        return new(head, target, now, then, view);
    }

    private async Task<JsonObject?> StateAtAsync(
        AuditHead head, JsonObject now, long version, CancellationToken cancellationToken)
    {
        Stack<IReadOnlyList<FieldChange>> since = [];
        await foreach (AuditRecord line in store.LinesAsync(head.Entity, version, head.Version, cancellationToken))
        {
            AuditContent content = await reader.ContentAsync(line, cancellationToken) ?? throw Gone();
            since.Push(content.Changes ?? []);
        }

        return since.Aggregate<IReadOnlyList<FieldChange>, JsonObject?>(now, FieldChanges.Undo);
    }

    private static ProblemException Gone() =>
        Problems.RollbackNotAllowed.With("It was not there then, is not there any more, or was erased.");

    private sealed record Plan(AuditHead Head, IRollbackTarget Target, JsonObject Now, JsonObject Then, RollbackView View);
}
