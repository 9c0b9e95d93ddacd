using SQLitePCL;

namespace FinVault.Local.Cosmos;

/// <summary>One SQLite connection with its prepared statements, used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 database;
    private readonly Dictionary<string, Statement> statements = [];

    private Connection(sqlite3 database) => this.database = database;

    public sqlite3 Handle => database;

    public static Connection Open(string path, bool readOnly)
    {
        Batteries_V2.Init();
        int flags = readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        int code = raw.sqlite3_open_v2(path, out sqlite3 database, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            database?.Dispose();
            throw new SqliteFailure(code, $"cannot open '{path}'");
        }
        raw.sqlite3_busy_timeout(database, 10_000);
        return new Connection(database);
    }

    /// <summary>The prepared statement for this text; prepared once per connection.</summary>
    public Statement Prepare(string sql)
    {
        if (statements.TryGetValue(sql, out Statement? statement))
        {
            return statement;
        }
        int code = raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt handle);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFailure(code, raw.sqlite3_errmsg(database).utf8_to_string());
        }
        statement = new Statement(database, handle);
        statements.Add(sql, statement);
        return statement;
    }

    public void Execute(string sql)
    {
        int code = raw.sqlite3_exec(database, sql);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFailure(code, raw.sqlite3_errmsg(database).utf8_to_string());
        }
    }

    public void Dispose()
    {
        foreach (Statement statement in statements.Values)
        {
            statement.Release();
        }
        database.Dispose();
    }
}
