using System.Text;
using SQLitePCL;

namespace FinVault.Local.Cosmos;

/// <summary>
/// A prepared statement over SQLite's own C API. ADO.NET would copy every document twice more and allocate a command,
/// a reader and boxed parameters for each request; a tick batch needs none of that.
/// Parameters count from 1, columns from 0, as in SQLite.
/// </summary>
internal sealed class Statement(sqlite3 database, sqlite3_stmt handle)
{
    private const int StackBytes = 512;

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, long? value)
    {
        Check(value is { } some
            ? raw.sqlite3_bind_int64(handle, index, some)
            : raw.sqlite3_bind_null(handle, index));
        return this;
    }

    public Statement Bind(int index, double value)
    {
        Check(raw.sqlite3_bind_double(handle, index, value));
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> blob)
    {
        Check(raw.sqlite3_bind_blob(handle, index, blob));
        return this;
    }

    public Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    public Statement Bind(int index, string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> utf8 = most <= StackBytes ? stackalloc byte[StackBytes] : new byte[most];
        int length = Encoding.UTF8.GetBytes(text, utf8);
        Check(raw.sqlite3_bind_text(handle, index, utf8[..length]));
        return this;
    }

    /// <summary>True when a row is there to be read; the caller resets the statement when it has read enough.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }
        if (code != raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(handle);
            Check(code);
        }
        return false;
    }

    /// <summary>Runs a statement without rows and makes it ready for its next use.</summary>
    public void Run()
    {
        while (Step())
        {
        }
        Reset();
    }

    /// <summary>Makes the statement ready for its next use. A read transaction lasts until this is called.</summary>
    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>The bytes inside SQLite's page cache: valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public void Release() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFailure(code, raw.sqlite3_errmsg(database).utf8_to_string());
        }
    }
}

/// <summary>SQLite refused: the disk is full, the file is damaged, a statement is wrong.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public int Code { get; } = code;
}
