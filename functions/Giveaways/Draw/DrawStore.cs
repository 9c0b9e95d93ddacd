using System.Net;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Giveaways.Draw;

/// <summary>The draw's documents in the giveaway's partition of the container <c>giveaways</c>.</summary>
internal sealed class DrawStore(CosmosClient cosmos)
{
    private const int EntriesInPart = 8_000;
    private const int ReceiptsInPart = 2_000;

    private readonly Container _giveaways = cosmos.GetContainer(Containers.Database, Containers.Giveaways);

    public async Task<DrawDocument?> FindAsync(string giveaway, CancellationToken cancellationToken) =>
        await FindAsync<DrawDocument>(DrawDocument.DocumentId, giveaway, cancellationToken);

    /// <summary>False when there is one already.</summary>
    public async Task<bool> CreateAsync(DrawDocument draw, CancellationToken cancellationToken)
    {
        try
        {
            await _giveaways.CreateItemAsync(draw, new(draw.Giveaway), null, cancellationToken);
            return true;
        }
        catch (CosmosException exists) when (exists.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>False when somebody else changed it since it was read.</summary>
    public async Task<bool> ReplaceAsync(DrawDocument draw, CancellationToken cancellationToken)
    {
        try
        {
            await _giveaways.ReplaceItemAsync(
                draw with { ETag = null }, draw.Id, new(draw.Giveaway), new() { IfMatchEtag = draw.ETag },
                cancellationToken);
            return true;
        }
        catch (CosmosException changed) when (changed.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    /// <summary>Writes entries and receipts; a close that is repeated writes the same documents again.</summary>
    public async Task WritePartsAsync(
        string giveaway, string parts, IReadOnlyList<DrawEntry> entries, IReadOnlyList<SlotReceipt> receipts,
        CancellationToken cancellationToken)
    {
        await WriteAsync("entries", entries, EntriesInPart);
        await WriteAsync("receipts", receipts, ReceiptsInPart);

        async Task WriteAsync<T>(string kind, IReadOnlyList<T> items, int size)
        {
            foreach ((int number, T[] chunk) in items.Chunk(size).Index())
            {
                DrawPart<T> part = new(IdOf(parts, kind, number), giveaway, chunk);
                await _giveaways.UpsertItemAsync(part, new(giveaway), null, cancellationToken);
            }
        }
    }

    public async Task<IReadOnlyList<DrawEntry>> EntriesAsync(DrawDocument draw, CancellationToken cancellationToken) =>
        await PartsAsync<DrawEntry>(draw, "entries", draw.EntryCount, cancellationToken);

    public async Task<IReadOnlyList<SlotReceipt>> ReceiptsAsync(DrawDocument draw, CancellationToken cancellationToken) =>
        await PartsAsync<SlotReceipt>(draw, "receipts", draw.ReceiptCount, cancellationToken);

    private async Task<List<T>> PartsAsync<T>(
        DrawDocument draw, string kind, int count, CancellationToken cancellationToken)
    {
        List<T> items = [];
        for (int number = 0; items.Count < count; number++)
        {
            DrawPart<T> part = await FindAsync<DrawPart<T>>(
                IdOf(draw.Parts!, kind, number), draw.Giveaway, cancellationToken)
                ?? throw new InvalidOperationException($"Part {number} of the {kind} of {draw.Giveaway} is gone.");
            items.AddRange(part.Items);
        }

        return items;
    }

    private async Task<T?> FindAsync<T>(string id, string giveaway, CancellationToken cancellationToken)
        where T : class
    {
        using ResponseMessage response = await _giveaways.ReadItemStreamAsync(
            id, new(giveaway), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Json.ReadAsync<T>(response, cancellationToken);
    }

    private static string IdOf(string parts, string kind, int number) => $"draw:{parts}:{kind}:{number}";
}
