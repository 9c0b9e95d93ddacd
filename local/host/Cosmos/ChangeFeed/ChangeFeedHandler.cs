using System.Globalization;

namespace FinVault.Local.Cosmos;

/// <summary>
/// The change feed, latest version mode: each document once, as it is now, in the order of its last write. The
/// continuation is the LSN of the last transaction answered, and a transaction is never split between pages.
/// Deletions and expiry leave no trace in it, as in the service.
/// </summary>
internal sealed class ChangeFeedHandler(SqliteFile file, DocumentStore store)
{
    public CosmosResponse Read(CosmosContainer container, CosmosRequest request, string? partition)
    {
        if (!request.Headers.ChangeFeed!.Contains("Incremental", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(
                $"The change feed mode '{request.Headers.ChangeFeed}' is not supported; latest version mode is.");
        }
        var page = new ResultPage(container, request.Headers.MaxItemCount);
        (long lsn, double charge) = file.Read((this, container, request.Headers, partition, page),
            static (connection, a) => a.Item1.Fill(connection, a.container, a.Headers, a.partition, a.page));
        var answer = new CosmosResponse(page.Count > 0 ? 200 : 304)
        {
            Container = container,
            ETag = string.Create(CultureInfo.InvariantCulture, $"\"{lsn}\""),
            // The SDK parses this header on every page, and fails on a null without it.
            ItemCount = page.Count,
            Charge = RequestCharge.Feed(charge),
        };
        return page.Count > 0 ? answer with { Body = page.Finish() } : answer;
    }

    private (long Lsn, double Charge) Fill(
        Connection connection, CosmosContainer container, RequestHeaders headers, string? partition, ResultPage page)
    {
        long lsn = Start(connection, container, headers);
        double charge = 0;
        Statement changes = connection
            .Prepare(partition is null ? container.Sql.Changes : container.Sql.ChangesOfPartition)
            .Bind(1, DocumentVersion.EndOf(lsn)).Bind(3, store.NowSeconds);
        if (partition is not null)
        {
            changes.Bind(2, partition);
        }
        try
        {
            while (changes.Step())
            {
                var stored = new StoredDocument(changes.Int64(0), changes.Int64(1), changes.Int64(2));
                if (page.IsFull && DocumentVersion.Lsn(stored.Version) != lsn)
                {
                    break;
                }
                lsn = DocumentVersion.Lsn(stored.Version);
                page.Add(stored, container, changes.Blob(3), withLsn: true);
                charge += RequestCharge.Read(changes.Blob(3).Length);
            }
        }
        finally
        {
            changes.Reset();
        }
        return (lsn, charge);
    }

    /// <summary>If-None-Match: a continuation, or "*" for now; If-Modified-Since: a time; neither: the beginning.</summary>
    private static long Start(Connection connection, CosmosContainer container, RequestHeaders headers)
    {
        if (headers.IfNoneMatch == "*")
        {
            return container.Lsn;
        }
        if (headers.IfNoneMatch is { } token)
        {
            return long.TryParse(token.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out long lsn)
                ? lsn
                : throw new RefusedException($"The change feed continuation {token} is invalid.");
        }
        if (headers.IfModifiedSince is not { } since)
        {
            return 0;
        }
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal;
        if (!DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, style, out DateTimeOffset start))
        {
            throw new RefusedException($"If-Modified-Since '{since}' is no HTTP date.");
        }
        Statement before = connection.Prepare(container.Sql.VersionBefore).Bind(1, start.ToUnixTimeSeconds());
        before.Step();
        long version = before.Int64(0);
        before.Reset();
        return DocumentVersion.Lsn(version);
    }
}
