namespace FinVault.Local.Durable;

/// <summary>
/// The file of the engine: a journal of commits, and one row an instance that has ended or has not changed for long.
/// What is in the journal and not yet in rows is in <see cref="Images"/>. One thread commits; any may read.
/// </summary>
sealed partial class DurableStore : IDisposable
{
    /// <summary>Of rows and journal; another number is another format.</summary>
    const int Format = 1;

    const string Schema = """
        CREATE TABLE IF NOT EXISTS instance(
          id TEXT PRIMARY KEY, epoch INTEGER NOT NULL, name TEXT NOT NULL, status INTEGER NOT NULL,
          created INTEGER NOT NULL, updated INTEGER NOT NULL, applied INTEGER NOT NULL,
          custom TEXT, tags BLOB NOT NULL, inbox BLOB NOT NULL, history BLOB NOT NULL)
        """;

    readonly SqliteFile file;
    readonly InstanceRows rows;
    readonly SqliteFile reader;
    readonly InstanceRows readable;
    readonly SqliteStatement begin;
    readonly SqliteStatement end;
    readonly SqliteStatement append;
    readonly SqliteStatement trim;
    readonly bool isPersistent;
    readonly long generationLimit;
    readonly ByteWriter buffer = new(64 * 1024);
    long lastRow;
    long generationStart;
    long generationBytes;

    DurableStore(SqliteFile file, string? path, long generationLimit)
    {
        this.generationLimit = generationLimit;
        this.file = file;
        isPersistent = path is not null;
        // Readers have a connection of their own and never wait for the disk; what is in memory has but one.
        reader = isPersistent ? SqliteFile.Open(path) : file;
        readable = new(reader);
        rows = new(file);
        begin = file.Prepare("BEGIN IMMEDIATE");
        end = file.Prepare("COMMIT");
        append = file.Prepare("INSERT INTO journal(row, changes) VALUES(?1, ?2)");
        trim = file.Prepare("DELETE FROM journal WHERE row <= ?1");
    }

    public ImageTable Images { get; private set; } = new();

    /// <summary>The largest number that a stored message or run has.</summary>
    public long LastMessageId { get; private set; }

    /// <param name="path">The file; null keeps everything in memory.</param>
    /// <param name="generationLimitBytes">A generation of the journal: when it is full, what is older goes into
    /// rows.</param>
    public static DurableStore Open(string? path, long generationLimitBytes = 16 * 1024 * 1024)
    {
        SqliteFile file = SqliteFile.Open(path);
        try
        {
            Prepare(file);
            DurableStore store = new(file, path, generationLimitBytes);
            store.Recover();
            return store;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            file.Dispose();
            throw new IOException($"The durable store '{path}' cannot be used: {e.Message}", e);
        }
    }

    static void Prepare(SqliteFile file)
    {
        file.Run("PRAGMA journal_mode=WAL");
        file.Run("PRAGMA synchronous=FULL");
        file.Run("PRAGMA cache_size=-16384");
        file.Run("PRAGMA wal_autocheckpoint=4000");
        using (SqliteStatement version = file.Once("PRAGMA user_version"))
        {
            version.Step();
            if (version.Int(0) is not (0 or Format))
            {
                throw new InvalidDataException($"it has format {version.Int(0)}, and this FinVault reads {Format}.");
            }
        }

        file.Run(Schema);
        file.Run("CREATE INDEX IF NOT EXISTS live ON instance(status) WHERE status NOT IN (1, 3, 4, 5)");
        file.Run("CREATE TABLE IF NOT EXISTS journal(row INTEGER PRIMARY KEY, changes BLOB NOT NULL)");
        file.Run("CREATE TABLE IF NOT EXISTS setting(key TEXT PRIMARY KEY, value TEXT NOT NULL)");
        file.Run($"PRAGMA user_version={Format}");
    }

    /// <summary>Makes the commits durable, all or none. The caller's thread is the only one that commits.</summary>
    public void Commit(IReadOnlyList<Commit> commits)
    {
        long row = ++lastRow;
        lock (file)
        {
            begin.Execute();
            Append(row, commits);
            foreach (Commit commit in commits)
            {
                foreach (StoreChange change in commit.Changes)
                {
                    change.Apply(Images, row);
                }
            }

            SaveEnded();
            Trim(row);
            end.Execute();
        }
    }

    /// <summary>Reads rows of instances; what is live is newer in memory.</summary>
    public T Read<T>(Func<InstanceRows, T> read)
    {
        lock (reader)
        {
            return read(readable);
        }
    }

    /// <summary>A value that is made once and kept.</summary>
    public string Setting(string key, Func<string> make)
    {
        lock (file)
        {
            using SqliteStatement insert = file.Once("INSERT OR IGNORE INTO setting(key, value) VALUES(?1, ?2)");
            insert.Bind(1, key).Bind(2, make()).Execute();
            using SqliteStatement select = file.Once("SELECT value FROM setting WHERE key = ?1");
            select.Bind(1, key).Step();
            return select.Text(0)!;
        }
    }

    /// <summary>Brings every row up to date and empties the journal.</summary>
    public void Compact()
    {
        lock (file)
        {
            file.Run("BEGIN IMMEDIATE");
            SaveEnded();
            SaveLive(lastRow);
            trim.Bind(1, lastRow).Execute();
            file.Run("COMMIT");
        }
    }

    public void Dispose()
    {
        if (reader != file)
        {
            reader.Dispose();
        }

        file.Dispose();
    }

    void Append(long row, IReadOnlyList<Commit> commits)
    {
        if (!isPersistent)
        {
            return;
        }

        buffer.Clear();
        foreach (Commit commit in commits)
        {
            buffer.Raw(commit.Bytes);
        }

        generationBytes += buffer.Length;
        append.Bind(1, row).Bind(2, buffer.Written).Execute();
    }

    void SaveEnded()
    {
        foreach (string id in Images.Purged)
        {
            rows.Delete(id);
        }

        foreach (InstanceImage image in Images.Ended.Values)
        {
            rows.Save(image);
        }

        Images.Purged.Clear();
        Images.Ended.Clear();
    }

    /// <summary>
    /// Instances that ended within a generation never cost a second write of what they did in between.
    /// </summary>
    void Trim(long row)
    {
        if (generationBytes < generationLimit)
        {
            return;
        }

        SaveLive(generationStart);
        trim.Bind(1, generationStart).Execute();
        generationStart = row;
        generationBytes = 0;
    }

    void SaveLive(long upTo)
    {
        foreach (InstanceImage image in Images.Live.Values)
        {
            if (image.FirstUnsaved != 0 && image.FirstUnsaved <= upTo)
            {
                rows.Save(image);
                image.FirstUnsaved = 0;
            }
        }
    }
}
