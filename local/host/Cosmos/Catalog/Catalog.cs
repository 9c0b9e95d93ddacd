using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FinVault.Local.Cosmos;

/// <summary>Databases and containers: held in memory, each change written to the file first.</summary>
internal sealed class Catalog
{
    private readonly SqliteFile file;
    private readonly ConcurrentDictionary<string, CosmosDatabase> databases = new();
    private readonly ConcurrentDictionary<(string Database, string Id), CosmosContainer> containers = new();

    private Catalog(SqliteFile file)
    {
        this.file = file;
        file.Writes.Undone = () =>
        {
            foreach (CosmosContainer container in containers.Values)
            {
                container.Sequence.ForgetReservation();
            }
        };
    }

    public IEnumerable<CosmosDatabase> Databases => databases.Values.OrderBy(d => d.Number);

    public IEnumerable<CosmosContainer> Containers => containers.Values.OrderBy(c => c.Number);

    public static Catalog Load(SqliteFile file)
    {
        file.Writes.RunAsync(static connection =>
        {
            connection.Execute(
                "CREATE TABLE IF NOT EXISTS databases(number INTEGER PRIMARY KEY AUTOINCREMENT, "
                + "id TEXT UNIQUE, ts INTEGER);"
                + "CREATE TABLE IF NOT EXISTS containers(number INTEGER PRIMARY KEY AUTOINCREMENT, "
                + "database INTEGER, properties TEXT, sequence INTEGER);");
            return (0, true);
        }).GetAwaiter().GetResult();
        var catalog = new Catalog(file);
        file.Read(catalog, static (connection, catalog) => catalog.Load(connection));
        return catalog;
    }

    /// <summary>By id or by resource id: SDKs use the former for documents and the latter for pkranges.</summary>
    public CosmosDatabase? FindDatabase(string key) => databases.TryGetValue(key, out CosmosDatabase? found)
        ? found
        : databases.Values.FirstOrDefault(d => d.Rid == key);

    public CosmosContainer? FindContainer(string database, string key) =>
        containers.TryGetValue((database, key), out CosmosContainer? found)
            ? found
            : containers.Values.FirstOrDefault(c =>
                (c.Rid == key || c.Id == key) && (c.Database.Rid == database || c.Database.Id == database));

    public async Task<CosmosDatabase?> CreateDatabaseAsync(string id, long timestamp)
    {
        CosmosDatabase? created = await file.Writes.RunAsync(connection =>
        {
            if (databases.ContainsKey(id))
            {
                return (null, true);
            }
            Statement insert = connection.Prepare("INSERT INTO databases(id, ts) VALUES(?1, ?2) RETURNING number");
            insert.Bind(1, id).Bind(2, timestamp).Step();
            int number = (int)insert.Int64(0);
            insert.Reset();
            return ((CosmosDatabase?)new CosmosDatabase(number, id, timestamp), true);
        });
        return created is not null && databases.TryAdd(id, created) ? created : null;
    }

    public async Task<CosmosContainer?> CreateContainerAsync(CosmosDatabase database, JsonObject properties)
    {
        string id = (string)properties["id"]!;
        CosmosContainer? created = await file.Writes.RunAsync(connection =>
        {
            if (containers.ContainsKey((database.Id, id)))
            {
                return (null, true);
            }
            Statement insert = connection.Prepare(
                "INSERT INTO containers(database, properties, sequence) VALUES(?1, ?2, 0) RETURNING number");
            insert.Bind(1, database.Number).Bind(2, properties.ToJsonString()).Step();
            int number = (int)insert.Int64(0);
            insert.Reset();
            var container = new CosmosContainer(database, number, properties, new LsnSequence(number, 0));
            container.Sql.CreateTable(connection);
            return ((CosmosContainer?)container, true);
        });
        return created is not null && containers.TryAdd((database.Id, id), created) ? created : null;
    }

    public async Task<CosmosContainer> ReplaceContainerAsync(CosmosContainer old, JsonObject properties)
    {
        CosmosContainer container = await file.Writes.RunAsync(connection =>
        {
            var changed = new CosmosContainer(old.Database, old.Number, properties, old.Sequence);
            connection.Prepare("UPDATE containers SET properties = ?1 WHERE number = ?2")
                .Bind(1, properties.ToJsonString()).Bind(2, old.Number).Run();
            if (changed.DefaultTtl != old.DefaultTtl)
            {
                changed.Sql.SetExpiry(connection, changed.DefaultTtl);
            }
            containers[(old.Database.Id, old.Id)] = changed;
            return (changed, true);
        });
        return container;
    }

    public async Task DeleteAsync(IReadOnlyCollection<CosmosContainer> doomed, CosmosDatabase? database)
    {
        foreach (CosmosContainer container in doomed)
        {
            containers.TryRemove((container.Database.Id, container.Id), out _);
        }
        if (database is not null)
        {
            databases.TryRemove(database.Id, out _);
        }
        await file.Writes.RunAsync(connection =>
        {
            foreach (CosmosContainer container in doomed)
            {
                container.Sequence.Dropped = true;
                container.Sql.DropTable(connection);
                connection.Prepare("DELETE FROM containers WHERE number = ?1").Bind(1, container.Number).Run();
            }
            connection.Prepare("DELETE FROM databases WHERE number = ?1").Bind(1, database?.Number ?? 0).Run();
            return (0, true);
        });
    }

    private int Load(Connection connection)
    {
        Statement rows = connection.Prepare("SELECT number, id, ts FROM databases");
        while (rows.Step())
        {
            var database = new CosmosDatabase((int)rows.Int64(0), rows.Text(1), rows.Int64(2));
            databases[database.Id] = database;
        }
        rows.Reset();
        rows = connection.Prepare("SELECT number, database, properties, sequence FROM containers");
        while (rows.Step())
        {
            long owner = rows.Int64(1);
            CosmosDatabase database = databases.Values.First(d => d.Number == owner);
            var properties = (JsonObject)JsonNode.Parse(rows.Text(2))!;
            var sequence = new LsnSequence((int)rows.Int64(0), rows.Int64(3));
            var container = new CosmosContainer(database, sequence.Container, properties, sequence);
            containers[(database.Id, container.Id)] = container;
        }
        rows.Reset();
        return containers.Count;
    }
}
