using System.Text.Json;
using FinVault.Platform;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Cosmos;

namespace FinVault.Local.Cosmos;

/// <summary>
/// Azure Cosmos DB for NoSQL, as far as FinVault uses it, behind the real SDK in gateway mode: in process as an
/// <see cref="HttpMessageHandler"/>, over plain HTTP through <see cref="Map"/>. Documents live in one SQLite file; a
/// write that was answered survives the death of the process, and reopening the file goes on where it was.
/// What it does not know it refuses with 400 and a name, it never pretends.
/// </summary>
public sealed class EmbeddedCosmos : IDisposable
{
    private const string InProcessAddress = "http://cosmos.localhost:8081/";

    private readonly SqliteFile file;
    private readonly CosmosEndpoint endpoint;
    private readonly ExpirySweep sweep;

    private EmbeddedCosmos(SqliteFile file, TimeProvider time)
    {
        this.file = file;
        Catalog catalog = Catalog.Load(file);
        var store = new DocumentStore(file, time);
        var router = new Router(
            catalog, new CatalogHandler(catalog, time), new DocumentHandler(store), new QueryHandler(file, store),
            new ChangeFeedHandler(file, store), new BatchHandler(store));
        endpoint = new CosmosEndpoint(router, Faults, Ledger, time);
        sweep = new ExpirySweep(catalog, store, time);
    }

    /// <summary>Makes chosen requests go wrong, for tests.</summary>
    public FaultSwitches Faults { get; } = new();

    /// <summary>Requests and request units so far.</summary>
    public RequestLedger Ledger { get; } = new();

    /// <summary>Opens or creates the file; null keeps everything in memory. One process at a time may have it open.</summary>
    /// <param name="file">The database.</param>
    /// <param name="time">For times to live.</param>
    /// <param name="flushed">An answered write survives a power cut, not only the death of the process.</param>
    public static EmbeddedCosmos Open(string? file, TimeProvider time, bool flushed = false)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new EmbeddedCosmos(SqliteFile.Open(file, flushed), time);
    }

    /// <summary>The endpoint for <see cref="CosmosClientOptions.HttpClientFactory"/>; no signature is checked.</summary>
    public HttpMessageHandler CreateHandler() => new InProcessHandler(endpoint);

    /// <summary>
    /// A client of this endpoint, in process; documents are camelCase JSON by System.Text.Json. Leave the environment
    /// variable AZURE_COSMOS_USE_QUERY_PLAN_INTEROP_LINUX unset: with it the SDK plans queries by a native library
    /// that it does not bring along, instead of asking the endpoint.
    /// </summary>
    /// <param name="json">How documents are written; null: camelCase and nothing else said.</param>
    /// <param name="handlers">What sees every request of it.</param>
    public CosmosClient CreateClient(JsonSerializerOptions? json = null, params RequestHandler[] handlers)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        CosmosClientOptions options = new()
        {
            ConnectionMode = ConnectionMode.Gateway,
            // The address is no host: the account document must not lead the client elsewhere.
            LimitToEndpoint = true,
            HttpClientFactory = () => new HttpClient(CreateHandler()),
            UseSystemTextJsonSerializerWithOptions = json ?? new JsonSerializerOptions(JsonSerializerDefaults.Web),
            CosmosClientTelemetryOptions = new CosmosClientTelemetryOptions { DisableDistributedTracing = true },
        };
        foreach (RequestHandler handler in handlers)
        {
            options.CustomHandlers.Add(handler);
        }

        return new(InProcessAddress, MasterKey.WellKnown, options);
    }

    /// <summary>Creates the database and those of its containers that are not there yet.</summary>
    public async Task EnsureCreatedAsync(
        string database, IEnumerable<ContainerDefinition> containers, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(containers);
        using CosmosClient client = CreateClient();
        Database created = await client.CreateDatabaseIfNotExistsAsync(database, cancellationToken: ct);
        foreach (ContainerDefinition container in containers)
        {
            await created.CreateContainerIfNotExistsAsync(Properties(container), cancellationToken: ct);
        }
    }

    /// <summary>Serves the endpoint over HTTP at the root: <c>/</c>, <c>/dbs/…</c>, <c>/offers</c>.</summary>
    public void Map(IEndpointRouteBuilder endpoints) => new HttpEndpoint(endpoint).Map(endpoints);

    /// <summary>Removes documents whose time to live is over now, not at the next sweep; answers how many.</summary>
    public Task<int> SweepExpiredAsync() => sweep.SweepAsync();

    public void Dispose()
    {
        sweep.Dispose();
        file.Dispose();
    }

    private static ContainerProperties Properties(ContainerDefinition definition)
    {
        var properties = new ContainerProperties(definition.Name, definition.PartitionKey)
        {
            DefaultTimeToLive = definition.TimeToLiveSeconds == 0 ? null : definition.TimeToLiveSeconds,
        };
        var indexing = new IndexingPolicy { Automatic = true, IndexingMode = IndexingMode.Consistent };
        foreach (string path in definition.IndexedPaths)
        {
            indexing.IncludedPaths.Add(new IncludedPath { Path = path });
        }
        // The service wants "/*" to be either included or excluded.
        if (!definition.IndexedPaths.Contains("/*"))
        {
            indexing.ExcludedPaths.Add(new ExcludedPath { Path = "/*" });
        }
        properties.IndexingPolicy = indexing;
        return properties;
    }
}
