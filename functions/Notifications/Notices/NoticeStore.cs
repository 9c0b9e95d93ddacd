using System.Globalization;
using System.Net;
using System.Text;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Notifications;

/// <summary>How a notice was taken.</summary>
/// <param name="Type">Of <see cref="NoticeDocument"/>.</param>
/// <param name="Shown">What the user sees of it in the app; null for nothing.</param>
internal sealed record TakenNotice(string Type, Notice? Shown);

/// <summary>
/// Notices in their users' partitions. One is created by an id that follows from its message, in one batch with the count
/// of its hour, so that however often a message comes it is counted and told once.
/// </summary>
public sealed class NoticeStore(NotificationDocuments documents, TimeProvider time)
{
    private const int MaxBatch = 100;
    private const int MaxTries = 50;
    private const int MostTrimmed = 100;

    /// <summary>Takes a notice, or says how the same one was taken before.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="notice">With the id that follows from its message.</param>
    /// <param name="inApp">Whether it is listed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<TakenNotice> TakeAsync(
        string user, Notice notice, bool inApp, CancellationToken cancellationToken)
    {
        (string type, int ttl) = inApp
            ? (NoticeDocument.Listed, NoticeLimits.KeptSeconds)
            : (NoticeDocument.Outside, NoticeLimits.RememberedSeconds);
        NoticeDocument document = NoticeDocument.Of(user, notice, type, ttl);
        HourDocument hour = HourDocument.At(user, notice.Importance, time.GetUtcNow());
        int most = NoticeLimits.PerHour(notice.Importance);
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (await documents.FindAsync<NoticeDocument>(user, notice.Id, cancellationToken) is { } there)
            {
                return await AsTakenAsync(user, there, hour.Start, cancellationToken);
            }

            TransactionalBatch batch = documents.Batch(user).CreateItem(document).PatchItem(
                hour.Id, [PatchOperation.Increment("/count", 1)],
                new() { FilterPredicate = $"FROM c WHERE c.count < {most}", EnableContentResponseOnWrite = false });
            switch (await Documents.ExecuteAsync(batch, cancellationToken))
            {
                case { IsDone: true }:
                    return new(type, inApp ? notice : null);
                case { Failed: 1, Status: HttpStatusCode.NotFound }:
                    await documents.CreateAsync(user, hour, cancellationToken);
                    await TrimAsync(user, cancellationToken);
                    break;
                case { Failed: 1, Status: HttpStatusCode.PreconditionFailed }:
                    await FoldAsync(user, document, hour.Start, cancellationToken);
                    break;
            }
        }

        throw new TimeoutException($"The notices of {user} change all the time.");
    }

    /// <summary>Newest first.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public async Task<Page<Notice>> ListAsync(
        string user, bool unreadOnly, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        string list = $"notices:{user}:{unreadOnly}";
        string? before = page.After<Place>(list)?.Before;
        QueryDefinition query = new QueryDefinition(
            "SELECT TOP @limit * FROM c WHERE c.type = 'notice'"
            + (unreadOnly ? " AND NOT IS_STRING(c.readAt)" : "") + (before is null ? "" : " AND c.id < @before")
            + " ORDER BY c.id DESC")
            .WithParameter("@limit", page.Limit + 1).WithParameter("@before", before);
        List<NoticeDocument> rows =
            await documents.QueryAsync<NoticeDocument>(user, query, cancellationToken).ToListAsync(cancellationToken);
        Notice[] data = [.. rows.Take(page.Limit).Select(row => row.View())];
        return new(data, rows.Count > data.Length ? Cursor.Write(list, new Place(data[^1].Id)) : null);
    }

    public async Task<int> UnreadAsync(string user, CancellationToken cancellationToken) =>
        await documents.QueryAsync<int>(
            user, new("SELECT VALUE COUNT(1) FROM c WHERE c.type = 'notice' AND NOT IS_STRING(c.readAt)"),
            cancellationToken).SumAsync(cancellationToken);

    /// <summary>Marks one as read; null when there is none.</summary>
    public async Task<Notice?> ReadAsync(string user, string id, CancellationToken cancellationToken)
    {
        await documents.PatchAsync(
            user, id, "FROM c WHERE c.type = 'notice' AND NOT IS_STRING(c.readAt)", cancellationToken,
            PatchOperation.Set("/readAt", time.GetUtcNow()));
        return await documents.FindAsync<NoticeDocument>(user, id, cancellationToken) is
            { Type: NoticeDocument.Listed } found ? found.View() : null;
    }

    /// <summary>Marks all as read that are there now; answers how many were not.</summary>
    public async Task<int> ReadAllAsync(string user, CancellationToken cancellationToken)
    {
        List<string> unread = await documents.QueryAsync<string>(
            user, new("SELECT VALUE c.id FROM c WHERE c.type = 'notice' AND NOT IS_STRING(c.readAt)"),
            cancellationToken).ToListAsync(cancellationToken);
        foreach (string[] some in unread.Chunk(MaxBatch))
        {
            TransactionalBatch batch = documents.Batch(user);
            foreach (string id in some)
            {
                batch.PatchItem(id, [PatchOperation.Set("/readAt", time.GetUtcNow())]);
            }

            if (!(await Documents.ExecuteAsync(batch, cancellationToken)).IsDone)
            {
                // One of them has just been trimmed: the others one by one.
                foreach (string id in some)
                {
                    await ReadAsync(user, id, cancellationToken);
                }
            }
        }

        return unread.Count;
    }

    private async Task<TakenNotice> AsTakenAsync(
        string user, NoticeDocument there, DateTimeOffset hour, CancellationToken cancellationToken) => there.Type switch
    {
        NoticeDocument.Listed => new(there.Type, there.View()),
        NoticeDocument.Folded => new(
            there.Type,
            (await documents.FindAsync<NoticeDocument>(user, FoldId(user, hour), cancellationToken))?.View()),
        _ => new(there.Type, null),
    };

    // Whether it was written or not is seen by the next look.
    private async Task FoldAsync(
        string user, NoticeDocument notice, DateTimeOffset hour, CancellationToken cancellationToken)
    {
        NoticeDocument note = notice with { Type = NoticeDocument.Folded, Ttl = NoticeLimits.RememberedSeconds };
        string id = FoldId(user, hour);
        NoticeDocument? fold = await documents.FindAsync<NoticeDocument>(user, id, cancellationToken);
        TransactionalBatch batch = documents.Batch(user).CreateItem(note);
        batch = fold is null
            ? batch.CreateItem(NoticeDocument.Of(user, Fold(id, 1), NoticeDocument.Listed, NoticeLimits.KeptSeconds))
            : batch.PatchItem(
                id,
                [
                    PatchOperation.Set("/count", fold.Count + 1), PatchOperation.Set("/title", FoldTitle(fold.Count + 1)),
                    PatchOperation.Set("/at", time.GetUtcNow()), PatchOperation.Set<DateTimeOffset?>("/readAt", null),
                ],
                new() { FilterPredicate = $"FROM c WHERE c.count = {fold.Count}", EnableContentResponseOnWrite = false });
        await Documents.ExecuteAsync(batch, cancellationToken);
    }

    private Notice Fold(string id, int count) => new(
        id, NoticeKinds.More, FoldTitle(count), "More happened in this hour than is told one by one.", null,
        time.GetUtcNow(), null, Importance.Low, count);

    private static string FoldTitle(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} more");

    private static string FoldId(string user, DateTimeOffset hour) =>
        Ids.Derive(Notice.Prefix, hour.AddHours(1).AddMilliseconds(-1), Encoding.UTF8.GetBytes($"{user}:more"));

    private async Task TrimAsync(string user, CancellationToken cancellationToken)
    {
        List<string> beyond = await documents.QueryAsync<string>(
            user,
            new($"SELECT VALUE c.id FROM c WHERE c.type = 'notice' ORDER BY c.id DESC "
                + $"OFFSET {NoticeLimits.Kept} LIMIT {MostTrimmed}"),
            cancellationToken).ToListAsync(cancellationToken);
        foreach (string id in beyond)
        {
            await documents.DeleteAsync(user, id, null, cancellationToken);
        }
    }

    private sealed record Place(string Before);

    /// <summary>How many notices a user got in an hour.</summary>
    [NotAudited("It is a counter.")]
    private sealed record HourDocument(string Id, string User, DateTimeOffset Start, int Count, int Ttl)
    {
        private const int KeptSeconds = 2 * 3600;

        public string Type { get; init; } = "hour";

        public static HourDocument At(string user, Importance importance, DateTimeOffset now)
        {
            DateTimeOffset start = new(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
            string id = string.Create(CultureInfo.InvariantCulture, $"hour:{start:yyyyMMddHH}:{importance}");
            return new(id, user, start, 0, KeptSeconds);
        }
    }
}
