using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// Writes everything that is kept of a user's portfolios into one archive: <c>portfolio.json</c>, and the same as tables.
/// The JSON has one account in memory at a time; the tables' rows wait in memory for their turn.
/// </summary>
public sealed class ExportMaking(
    PortfolioStore accounts, SnapshotStore snapshots, AlertStore alerts, LinkStore links, AlertData other, TimeProvider time)
{
    private static readonly DateOnly Always = new(1970, 1, 1);
    private static readonly DateOnly ForEver = new(9999, 12, 31);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the archive; how many accounts and transactions are in it.</summary>
    internal async Task<(int Accounts, int Transactions)> WriteAsync(
        string tenant, string owner, Stream target, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = await accounts.AccountsOfAsync(tenant, owner, cancellationToken);
        Dictionary<string, MemoryStream> tables = ExportCsv.Files.ToDictionary(file => file, _ => new MemoryStream());
        int transactions = 0;
        await using ZipArchive archive = await ZipArchive.CreateAsync(
            target, ZipArchiveMode.Create, leaveOpen: true, Utf8, cancellationToken);
        await using (Stream entry = await archive.CreateEntry("portfolio.json").OpenAsync(cancellationToken))
        await using (Utf8JsonWriter json = new(entry))
        {
            json.WriteStartObject();
            json.WriteString("exportedAt", time.GetUtcNow());
            json.WriteStartArray("accounts");
            foreach (string id in ids)
            {
                if (await ReadAsync(id, cancellationToken) is not { } account)
                {
                    continue;
                }

                transactions += account.Transactions.Count;
                JsonSerializer.Serialize(json, account, Json.Options);
                await json.FlushAsync(cancellationToken);
                await AddAsync(tables, account, cancellationToken);
            }

            json.WriteEndArray();
            await WriteOthersAsync(json, tenant, owner, cancellationToken);
            json.WriteEndObject();
        }

        foreach (string file in ExportCsv.Files)
        {
            await using Stream entry = await archive.CreateEntry(file).OpenAsync(cancellationToken);
            await entry.WriteAsync(Utf8.GetBytes(ExportCsv.HeaderOf(file) + "\r\n"), cancellationToken);
            tables[file].Position = 0;
            await tables[file].CopyToAsync(entry, cancellationToken);
        }

        return (ids.Count, transactions);
    }

    private async Task<ExportedAccount?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await accounts.FindAccountAsync(id, cancellationToken) is not { Document: var head })
        {
            return null;
        }

        List<PortfolioTransaction> all = await accounts.TransactionsAsync(id, null, cancellationToken);
        IReadOnlyList<HoldingDocument> held = await accounts.HoldingsAsync(id, cancellationToken);
        List<SnapshotRow> days = await snapshots.RowsAsync(id, Always, ForEver, cancellationToken);
        return new(
            head.Data, head.Cash, [.. held.Select(one => new ExportedHolding(one.Exchange, one.Position))],
            LotHistory.Replay(all, LotRules.Of(head.Data)).Closed, [.. all.OrderBy(one => one.Sequence)],
            [.. days.Select(ExportedDay.Of)]);
    }

    // An archive's entries are written one after the other, so the rows wait.
    private static async Task AddAsync(
        Dictionary<string, MemoryStream> tables, ExportedAccount account, CancellationToken cancellationToken)
    {
        foreach ((string file, MemoryStream table) in tables)
        {
            StringBuilder rows = new();
            foreach (string row in ExportCsv.Rows(file, account))
            {
                rows.Append(row).Append("\r\n");
            }

            await table.WriteAsync(Utf8.GetBytes(rows.ToString()), cancellationToken);
        }
    }

    private async Task WriteOthersAsync(
        Utf8JsonWriter json, string tenant, string owner, CancellationToken cancellationToken)
    {
        json.WritePropertyName("alerts");
        JsonSerializer.Serialize(
            json, (await alerts.ListAsync(owner, cancellationToken)).Select(AlertView.Of), Json.Options);
        json.WritePropertyName("links");
        JsonSerializer.Serialize(
            json, (await links.ListAsync(tenant, owner, cancellationToken)).Select(link => link.Link), Json.Options);
        json.WriteStartArray("watchlists");
        await foreach (PersonalItem item in other.ExportAsync(new(owner, null, [tenant]), cancellationToken))
        {
            if (item.Kind == WatchlistDocument.DocumentType)
            {
                JsonSerializer.Serialize(json, item.Data, Json.Options);
            }
        }

        json.WriteEndArray();
    }
}
