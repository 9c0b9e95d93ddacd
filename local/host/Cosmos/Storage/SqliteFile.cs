using System.Collections.Concurrent;

namespace FinVault.Local.Cosmos;

/// <summary>
/// The one SQLite file. Writers go through <see cref="WriteQueue"/>, one transaction at a time; readers each have a
/// connection of their own and, in WAL mode, neither wait for the writer nor hold it up. A committed write survives
/// the death of the process: it is in the WAL, which the operating system holds. Flushed (<c>synchronous=FULL</c>) it
/// survives a power cut, too; otherwise (<c>NORMAL</c>) that may lose the last commits, never the file's integrity.
/// Without a file everything is in the memory of one
/// connection, which readers and the writer share under a lock.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const string Memory = ":memory:";

    // Documents run from hundreds of bytes to hundreds of kilobytes; of 4, 8 and 16 KB pages, 8 cost the least CPU for
    // both. A checkpoint every 32 MB of WAL.
    private const string Pragmas =
        "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA cache_size=-65536; "
        + "PRAGMA wal_autocheckpoint=4096; PRAGMA journal_size_limit=134217728; PRAGMA temp_store=MEMORY;";

    private readonly string path;
    private readonly Connection writer;
    private readonly Lock gate = new();
    private readonly ConcurrentBag<Connection> readers = [];

    private SqliteFile(string path, Connection writer)
    {
        this.path = path;
        this.writer = writer;
        Writes = new WriteQueue(writer, gate);
    }

    public WriteQueue Writes { get; }

    public static SqliteFile Open(string? file, bool flushed)
    {
        if (file is not null && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }
        Connection writer = Connection.Open(file ?? Memory, readOnly: false);
        writer.Execute(Pragmas + (flushed ? " PRAGMA synchronous=FULL;" : " PRAGMA synchronous=NORMAL;"));
        return new SqliteFile(file ?? Memory, writer);
    }

    /// <summary>Runs a read; what it sees is one moment of the file, and nothing that is not committed.</summary>
    public T Read<TArgument, T>(TArgument argument, Func<Connection, TArgument, T> read)
    {
        if (path == Memory)
        {
            lock (gate)
            {
                return read(writer, argument);
            }
        }
        Connection connection = readers.TryTake(out Connection? pooled) ? pooled : OpenReader();
        try
        {
            return read(connection, argument);
        }
        finally
        {
            readers.Add(connection);
        }
    }

    public void Dispose()
    {
        Writes.Close();
        while (readers.TryTake(out Connection? reader))
        {
            reader.Dispose();
        }
        writer.Dispose();
    }

    private Connection OpenReader()
    {
        Connection reader = Connection.Open(path, readOnly: true);
        reader.Execute("PRAGMA query_only=ON; PRAGMA cache_size=-16384; PRAGMA mmap_size=268435456;");
        return reader;
    }
}
