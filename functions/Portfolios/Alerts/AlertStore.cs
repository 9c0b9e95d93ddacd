using System.Net;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using Microsoft.Azure.Cosmos;

namespace FinVault.Portfolios;

/// <summary>The container <c>alerts</c>; a partition is a user.</summary>
public sealed class AlertDocuments(CosmosClient cosmos) : Documents(cosmos, Containers.Alerts);

/// <summary>An alert that ticks have changed: from what it was, to what it is, with what happened in between.</summary>
internal sealed record AlertProgress(AlertDocument Before, AlertDocument After, IReadOnlyList<AlertFiring> Firings)
{
    /// <summary>What its user calls the account that it is on; null for a symbol.</summary>
    public string? Name { get; init; }
}

/// <summary>Alerts in their users' partitions, with their firings and the messages about them.</summary>
public sealed class AlertStore(AlertDocuments documents, TimeProvider time)
{
    private const int SymbolsAtOnce = 500;
    private const string CountId = "count-alerts";
    private const int DeletedSeconds = 3600;

    private static readonly TransactionalBatchItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    /// <summary>Every alert that waits on one of these symbols.</summary>
    internal async Task<ILookup<string, AlertDocument>> WaitingOnAsync(
        IReadOnlyCollection<string> symbols, CancellationToken cancellationToken)
    {
        List<AlertDocument> found = [];
        foreach (string[] some in symbols.Chunk(SymbolsAtOnce))
        {
            QueryDefinition query = new QueryDefinition(
                "SELECT * FROM c WHERE c.type = 'alert' AND c.isActive = true AND ARRAY_CONTAINS(@symbols, c.symbol)")
                .WithParameter("@symbols", some);
            await foreach (AlertDocument alert in documents.QueryAsync<AlertDocument>(null, query, cancellationToken))
            {
                found.Add(alert);
            }
        }

        return found.ToLookup(alert => alert.Symbol, StringComparer.Ordinal);
    }

    /// <summary>Every drawdown that is waited for, of everybody or of one user's account.</summary>
    internal Task<List<AlertDocument>> DrawdownsAsync(string? user, string? account, CancellationToken cancellationToken)
    {
        // A drawdown is on an account, whose id is where a symbol is else.
        QueryDefinition query = new QueryDefinition(
            "SELECT * FROM c WHERE c.type = 'alert' AND c.isActive = true AND c.kind = 'drawdown' AND "
            + (account is null ? "STARTSWITH(c.symbol, @account)" : "c.symbol = @account"))
            .WithParameter("@account", account ?? $"{PortfolioAccount.Prefix}_");
        return documents.QueryAsync<AlertDocument>(user, query, cancellationToken).ToListAsync(cancellationToken).AsTask();
    }

    /// <summary>
    /// Writes what ticks have done to an alert: its new state, its firings and a message for each, all or nothing, and
    /// only if it is still as it was. False when somebody else has changed it.
    /// </summary>
    internal async Task<bool> WriteAsync(AlertProgress progress, CancellationToken cancellationToken)
    {
        (AlertDocument before, AlertDocument after, IReadOnlyList<AlertFiring> firings) = progress;
        TransactionalBatch batch = documents.Batch(after.User).PatchItem(
            after.Id,
            [
                PatchOperation.Set("/state", after.State), PatchOperation.Set("/isActive", after.IsActive),
                PatchOperation.Set("/mark", after.Mark), PatchOperation.Set("/lastFiring", after.LastFiring),
                PatchOperation.Set("/generation", after.Generation), PatchOperation.Set("/byTick", true),
            ],
            new()
            {
                FilterPredicate = FormattableString.Invariant(
                    $"FROM c WHERE c.type = 'alert' AND c.generation = {before.Generation}"),
                EnableContentResponseOnWrite = false,
            });
        int number = after.State.Firings - firings.Count;
        foreach (AlertFiring firing in firings)
        {
            FiringTold told = FiringTold.Of(after, firing, progress.Name);
            string id = FiringDocument.IdOf(after.Id, ++number);
            batch.CreateItem(
                new FiringDocument(id, after.User, after.Id, after.Symbol, told.Condition, firing.EventTime, firing), NoBody);
            batch.CreateItem(
                Notices.Message(after.User, NoticeKinds.AlertFired, told, time, $"MESSAGE-{id}"), NoBody);
        }

        return (await Documents.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>False when the user has as many as there may be.</summary>
    internal async Task<bool> AddAsync(AlertDocument alert, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            TransactionalBatch batch = documents.Batch(alert.User).PatchItem(
                CountId, [PatchOperation.Increment("/total", 1)],
                new() { FilterPredicate = $"FROM c WHERE c.total < {most}", EnableContentResponseOnWrite = false })
                .CreateItem(alert, NoBody);
            switch (await Documents.ExecuteAsync(batch, cancellationToken))
            {
                case { IsDone: true }:
                    return true;
                case { Failed: 0, Status: HttpStatusCode.NotFound }:
                    await documents.CreateAsync(
                        alert.User, new AlertCountDocument(CountId, alert.User, 0), cancellationToken);
                    break;
                default:
                    return false;
            }
        }
    }

    internal async Task<Versioned<AlertDocument>?> FindAsync(string user, string id, CancellationToken cancellationToken) =>
        Ids.IsValid(id, Alerts.Prefix)
        && await documents.FindVersionedAsync<AlertDocument>(user, id, cancellationToken)
            is { Document.Type: AlertDocument.DocumentType } found ? found : null;

    /// <summary>False when it has changed since it was read.</summary>
    internal Task<bool> ReplaceAsync(Versioned<AlertDocument> before, AlertDocument after, CancellationToken cancellationToken) =>
        documents.ReplaceAsync(after.User, after.Id, after, before.ETag, cancellationToken);

    /// <summary>False when it has changed since it was read.</summary>
    internal async Task<bool> DeleteAsync(Versioned<AlertDocument> before, CancellationToken cancellationToken)
    {
        AlertDocument gone = before.Document.Changed(time.GetUtcNow()) with
        {
            Type = AlertDocument.DeletedType, IsActive = false, Ttl = DeletedSeconds,
        };
        TransactionalBatch batch = documents.Batch(gone.User)
            .ReplaceItem(gone.Id, gone, new() { IfMatchEtag = before.ETag, EnableContentResponseOnWrite = false })
            .PatchItem(CountId, [PatchOperation.Increment("/total", -1)]);
        return (await Documents.ExecuteAsync(batch, cancellationToken)).IsDone;
    }

    /// <summary>All of a user's alerts, newest first.</summary>
    internal async Task<List<AlertDocument>> ListAsync(string user, CancellationToken cancellationToken) =>
        await documents.QueryAsync<AlertDocument>(
            user, new("SELECT * FROM c WHERE c.type = 'alert' ORDER BY c.id DESC"), cancellationToken)
            .ToListAsync(cancellationToken);

    /// <summary>A page of an alert's firings, the newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    internal async Task<Page<FiringDocument>> FiringsAsync(
        string user, string alert, PageRequest page, CancellationToken cancellationToken)
    {
        string list = $"firings:{user}:{alert}";
        string? before = page.After<Place>(list)?.Id;
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = 'firing' AND c.alert = @alert"
            + (before is null ? "" : " AND c.id < @before") + " ORDER BY c.id DESC")
            .WithParameter("@limit", page.Limit + 1).WithParameter("@alert", alert).WithParameter("@before", before);
        List<FiringDocument> rows =
            await documents.QueryAsync<FiringDocument>(user, query, cancellationToken).ToListAsync(cancellationToken);
        FiringDocument[] data = [.. rows.Take(page.Limit)];
        return new(data, rows.Count > data.Length ? Cursor.Write(list, new Place(data[^1].Id)) : null);
    }

    private sealed record Place(string Id);
}
