namespace FinVault.Local.Durable;

/// <summary>What a restart finds: rows, and the journal's changes that are newer.</summary>
sealed partial class DurableStore
{
    void Recover()
    {
        Dictionary<string, long> saved = new(StringComparer.Ordinal);
        Images = new(id => saved.TryGetValue(id, out long row) ? row : saved[id] = rows.AppliedOf(id));
        foreach (InstanceImage image in rows.Live())
        {
            saved[image.Id] = image.Applied;
            Images.Load(image);
        }

        Replay();
        ImageTable recovered = new();
        foreach (InstanceImage image in Images.Live.Values)
        {
            recovered.Load(image);
        }

        Images = recovered;
        Compact();
        generationStart = lastRow;
    }

    void Replay()
    {
        using SqliteStatement journal = file.Once("SELECT row, changes FROM journal ORDER BY row");
        while (journal.Step())
        {
            lastRow = journal.Int(0);
            ByteReader from = new(journal.Bytes(1));
            while (!from.AtEnd)
            {
                foreach (StoreChange change in StoreChange.ReadAll(ref from))
                {
                    change.Apply(Images, lastRow);
                }
            }
        }

        // Rows were written with the commits that ended them; purged ones went with theirs.
        Images.Purged.Clear();
        lastRow = Math.Max(lastRow, rows.LastApplied());
        LastMessageId = Math.Max(rows.LastEpoch(), Images.Live.Values.Select(LargestNumber).DefaultIfEmpty().Max());
    }

    static long LargestNumber(InstanceImage image) =>
        Math.Max(image.Epoch, image.Inbox.Select(m => m.Id).DefaultIfEmpty().Max());
}
