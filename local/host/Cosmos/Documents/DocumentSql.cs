namespace FinVault.Local.Cosmos;

/// <summary>
/// A container's table and the statements over it. <c>version</c> is the LSN and the operation's place in its
/// transaction (<see cref="DocumentVersion"/>); <c>expires</c> is in Unix seconds; <c>body</c>, the last column so that
/// the others are read without its overflow pages, is the client's JSON without its closing brace.
/// </summary>
internal sealed class DocumentSql(int container)
{
    private const string Alive = "(expires IS NULL OR expires > ?3)";
    private readonly string table = $"docs_{container}";

    /// <summary>Partition key, id, now → row, version, ts, body.</summary>
    public string Read { get; } =
        $"SELECT row, version, ts, body FROM docs_{container} WHERE pk = ?1 AND id = ?2 AND {Alive}";

    /// <summary>Partition key, id, now → row, version, ts, length; dead rows too, marked by the last column.</summary>
    public string Find { get; } =
        $"SELECT row, version, ts, length(body), NOT {Alive} FROM docs_{container} WHERE pk = ?1 AND id = ?2";

    public string Insert { get; } =
        $"INSERT INTO docs_{container}(pk, id, version, ts, ttl, expires, body) "
        + "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING row";

    public string Update { get; } =
        $"UPDATE docs_{container} SET version=?2, ts=?3, ttl=?4, expires=?5, body=?6 WHERE row=?1";

    public string Delete { get; } = $"DELETE FROM docs_{container} WHERE row = ?1";

    /// <summary>After row, partition key, now → row, version, ts, body: a partition in the order of creation.</summary>
    public string ScanPartition { get; } =
        $"SELECT row, version, ts, body FROM docs_{container} WHERE row > ?1 AND pk = ?2 AND {Alive} ORDER BY row";

    /// <summary>After row, (nothing), now → row, version, ts, body: the whole container.</summary>
    public string Scan { get; } =
        $"SELECT row, version, ts, body FROM docs_{container} WHERE row > ?1 AND {Alive} ORDER BY row";

    /// <summary>Id → rows, through the key's index alone.</summary>
    public string RowsOfId { get; } = $"SELECT row FROM docs_{container} WHERE id = ?1";

    public string RowOfKey { get; } = $"SELECT row FROM docs_{container} WHERE pk = ?1 AND id = ?2";

    public string ReadRow { get; } =
        $"SELECT row, version, ts, body FROM docs_{container} WHERE row = ?1 AND {Alive}";

    /// <summary>After version, (nothing), now → row, version, ts, body, oldest change first.</summary>
    public string Changes { get; } =
        $"SELECT row, version, ts, body FROM docs_{container} WHERE version > ?1 AND {Alive} ORDER BY version";

    public string ChangesOfPartition { get; } =
        $"SELECT row, version, ts, body FROM docs_{container} "
        + $"WHERE version > ?1 AND pk = ?2 AND {Alive} ORDER BY version";

    /// <summary>The highest version written before a time: where a change feed that starts then begins.</summary>
    public string VersionBefore { get; } =
        $"SELECT coalesce(max(version), 0) FROM docs_{container} WHERE ts < ?1";

    /// <summary>Now, most: removes documents whose time has come.</summary>
    public string Sweep { get; } =
        $"DELETE FROM docs_{container} WHERE row IN "
        + $"(SELECT row FROM docs_{container} WHERE expires <= ?1 ORDER BY expires LIMIT ?2)";

    public void CreateTable(Connection connection) => connection.Execute(
        $"CREATE TABLE {table}(row INTEGER PRIMARY KEY, pk TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, "
        + "ts INTEGER NOT NULL, ttl INTEGER, expires INTEGER, body BLOB NOT NULL);"
        + $"CREATE UNIQUE INDEX {table}_key ON {table}(pk, id);"
        + $"CREATE INDEX {table}_pk ON {table}(pk);"
        + $"CREATE UNIQUE INDEX {table}_version ON {table}(version);"
        + $"CREATE INDEX {table}_expires ON {table}(expires) WHERE expires IS NOT NULL;");

    public void DropTable(Connection connection) => connection.Execute($"DROP TABLE IF EXISTS {table}");

    /// <summary>The container's default time to live changed: every document's end is counted anew.</summary>
    public void SetExpiry(Connection connection, int? defaultTtl) => connection.Execute(defaultTtl switch
    {
        null => $"UPDATE {table} SET expires = NULL",
        -1 => $"UPDATE {table} SET expires = CASE WHEN ttl > 0 THEN ts + ttl END",
        { } seconds => $"UPDATE {table} SET expires = "
            + $"CASE WHEN ttl IS NULL THEN ts + {seconds} WHEN ttl > 0 THEN ts + ttl END",
    });
}
