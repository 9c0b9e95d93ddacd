using SQLitePCL;
using static SQLitePCL.raw;

namespace FinVault.Local.Durable;

/// <summary>
/// One SQLite connection with prepared statements; spans in, spans out, nothing in between. Not thread-safe.
/// </summary>
sealed class SqliteFile : IDisposable
{
    readonly sqlite3 db;
    readonly List<SqliteStatement> statements = [];

    static SqliteFile() => Batteries_V2.Init();

    SqliteFile(sqlite3 db) => this.db = db;

    /// <summary>Opens or makes the file; null keeps everything in memory.</summary>
    public static SqliteFile Open(string? file)
    {
        int code = sqlite3_open_v2(
            file ?? ":memory:", out sqlite3 db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, null);
        SqliteFile opened = new(db);
        if (code != SQLITE_OK)
        {
            string why = opened.Error;
            opened.Dispose();
            throw new IOException($"The durable store '{file}' cannot be opened: {why}");
        }

        sqlite3_busy_timeout(db, 30_000);
        return opened;
    }

    public string Error => sqlite3_errmsg(db).utf8_to_string();

    public void Run(string sql)
    {
        using SqliteStatement statement = new(db, sql);
        while (statement.Step())
        {
            // Some pragmas answer with a row.
        }
    }

    /// <summary>A statement for many uses, which lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        SqliteStatement statement = new(db, sql);
        statements.Add(statement);
        return statement;
    }

    /// <summary>A statement for one use; the caller disposes of it.</summary>
    public SqliteStatement Once(string sql) => new(db, sql);

    public void Dispose()
    {
        statements.ForEach(s => s.Dispose());
        sqlite3_close_v2(db);
        db.Dispose();
    }
}

/// <summary>A prepared statement: bind from 1, step, read columns from 0, reset.</summary>
sealed class SqliteStatement : IDisposable
{
    readonly sqlite3 db;
    readonly sqlite3_stmt statement;

    public SqliteStatement(sqlite3 db, string sql)
    {
        this.db = db;
        int code = sqlite3_prepare_v2(db, sql, out statement);
        Check(code);
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(sqlite3_bind_int64(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string? value)
    {
        Check(value is null ? sqlite3_bind_null(statement, index) : sqlite3_bind_text(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? sqlite3_bind_zeroblob(statement, index, 0) : sqlite3_bind_blob(statement, index, value));
        return this;
    }

    /// <summary>True while there is a row.</summary>
    public bool Step()
    {
        int code = sqlite3_step(statement);
        if (code is SQLITE_ROW or SQLITE_DONE)
        {
            return code == SQLITE_ROW;
        }

        throw new IOException("The durable store failed: " + sqlite3_errmsg(db).utf8_to_string());
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next time.</summary>
    public void Execute()
    {
        Step();
        Reset();
    }

    public void Reset() => sqlite3_reset(statement);

    public long Int(int column) => sqlite3_column_int64(statement, column);

    public string? Text(int column) => sqlite3_column_type(statement, column) == SQLITE_NULL
        ? null
        : sqlite3_column_text(statement, column).utf8_to_string();

    public byte[] Bytes(int column) => sqlite3_column_blob(statement, column).ToArray();

    public void Dispose() => statement.Dispose();

    void Check(int code)
    {
        if (code != SQLITE_OK)
        {
            throw new IOException("The durable store failed: " + sqlite3_errmsg(db).utf8_to_string());
        }
    }
}
