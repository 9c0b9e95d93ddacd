namespace FinVault.Giveaways.Draw;

/// <summary>The draw's documents in the giveaway's partition of the container <c>giveaways</c>.</summary>
internal sealed class DrawStore(GiveawayDocuments documents)
{
    private const int EntriesInPart = 8_000;
    private const int ReceiptsInPart = 2_000;

    public Task<DrawDocument?> FindAsync(string giveaway, CancellationToken cancellationToken) =>
        documents.FindAsync<DrawDocument>(giveaway, DrawDocument.DocumentId, cancellationToken);

    /// <summary>False when there is one already.</summary>
    public Task<bool> CreateAsync(DrawDocument draw, CancellationToken cancellationToken) =>
        documents.CreateAsync(draw.Giveaway, draw, cancellationToken);

    /// <summary>False when somebody else changed it since it was read.</summary>
    public Task<bool> ReplaceAsync(DrawDocument draw, CancellationToken cancellationToken) =>
        documents.ReplaceAsync(draw.Giveaway, draw.Id, draw with { ETag = null }, draw.ETag!, cancellationToken);

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
                await documents.Container.UpsertItemAsync(part, new(giveaway), null, cancellationToken);
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
            DrawPart<T> part = await documents.FindAsync<DrawPart<T>>(
                draw.Giveaway, IdOf(draw.Parts!, kind, number), cancellationToken)
                ?? throw new InvalidOperationException($"Part {number} of the {kind} of {draw.Giveaway} is gone.");
            items.AddRange(part.Items);
        }

        return items;
    }

    private static string IdOf(string parts, string kind, int number) => $"draw:{parts}:{kind}:{number}";
}
