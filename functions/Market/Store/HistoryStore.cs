using System.Buffers;
using System.Net;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Market.Store;

/// <summary>
/// The stored bars and rings of symbols, a partition a symbol. A symbol's ring is replaced by its ETag in the same
/// transaction as its bars, so that an instance which has lost the shard can change neither.
/// </summary>
public sealed class HistoryStore(CosmosClient cosmos)
{
    private const string RingId = "ring";

    // With the ring well below the 100 that a batch may have.
    private const int MaxChunks = 90;

    private readonly Container _history = cosmos.GetContainer(Containers.Database, Containers.History);

    /// <summary>Reads the stored rings of symbols into their state.</summary>
    public async Task LoadRingsAsync(IReadOnlyCollection<BoardSymbol> symbols, CancellationToken cancellationToken)
    {
        Dictionary<string, BoardSymbol> byName = symbols.Where(s => s.State.Seq > 0).ToDictionary(s => s.State.Symbol);
        foreach (string[] names in byName.Keys.Chunk(500))
        {
            using ResponseMessage response = await _history.ReadManyItemsStreamAsync(
                [.. names.Select(n => (RingId, new PartitionKey(n)))], cancellationToken: cancellationToken);
            response.EnsureSuccessStatusCode();
            foreach (JsonElement ring in await response.DocumentsAsync(cancellationToken))
            {
                BoardSymbol symbol = byName[ring.GetProperty("symbol").GetString()!];
                symbol.RingETag = ring.GetProperty("_etag").GetString();
                symbol.State.Ring.Continue(ring.GetProperty("t").ReadTicks());
            }
        }
    }

    /// <summary>The stored ring of a symbol; empty when there is none.</summary>
    internal async Task<IReadOnlyList<Tick>> ReadRingAsync(string symbol, CancellationToken cancellationToken)
    {
        JsonElement? ring = await ReadAsync(symbol, RingId, cancellationToken);
        return ring is { } document ? [.. document.GetProperty("t").ReadTicks()] : [];
    }

    /// <summary>The stored bars of a kind that start in a range (microseconds, end exclusive), in order.</summary>
    internal async Task<List<Bar>> ReadBarsAsync(
        string symbol, ChunkKind kind, long from, long to, CancellationToken cancellationToken)
    {
        QueryDefinition query = new QueryDefinition(
            "SELECT * FROM c WHERE c.kind = @kind AND c[\"from\"] >= @from AND c[\"from\"] < @to ORDER BY c[\"from\"]")
            .WithParameter("@kind", kind.Name)
            .WithParameter("@from", kind.StartOf(from))
            .WithParameter("@to", to);
        List<Bar> bars = [];
        await foreach (JsonElement chunk in
            _history.QueryStreamAsync(query, new PartitionKey(symbol), cancellationToken))
        {
            bars.AddRange(chunk.GetProperty("bars").EnumerateArray().Select(JsonFragments.ReadBar)
                .Where(b => b.Start >= from && b.Start < to));
        }

        return bars;
    }

    /// <summary>
    /// Stores what a symbol's plan says, in one transaction where that holds it; bars of many days take several. Each goes
    /// with the ring, under the ETag of the one before: an instance that has lost the shard in between cannot write its
    /// older bars over those of the other. Where one fails, the symbol keeps all of its bars and has them stored again.
    /// </summary>
    /// <exception cref="CosmosException">Refused; 409 or 412 when another instance has stored the symbol.</exception>
    internal async Task StoreAsync(SymbolStorePlan plan, CancellationToken cancellationToken)
    {
        string name = plan.Symbol.State.Symbol;
        foreach (IGrouping<(ChunkKind Kind, long Start), (Bar Bar, byte[] Json)>[] groups in
            plan.ByChunk().Chunk(MaxChunks).DefaultIfEmpty([]))
        {
            TransactionalBatch batch = WithRing(plan, name);
            foreach (IGrouping<(ChunkKind Kind, long Start), (Bar Bar, byte[] Json)> group in groups)
            {
                BarChunk chunk = await ChunkAsync(plan.Symbol, group.Key.Kind, group.Key.Start, cancellationToken);
                batch.UpsertItemStream(chunk.With(group).Write(name).AsStream());
            }

            await ExecuteAsync(batch, plan, cancellationToken);
        }
    }

    private TransactionalBatch WithRing(SymbolStorePlan plan, string name)
    {
        TransactionalBatch batch = _history.CreateTransactionalBatch(new PartitionKey(name));
        return plan.Symbol.RingETag is { } etag
            ? batch.ReplaceItemStream(
                RingId, plan.Ring.AsStream(), new TransactionalBatchItemRequestOptions { IfMatchEtag = etag })
            : batch.CreateItemStream(plan.Ring.AsStream());
    }

    private static async Task ExecuteAsync(
        TransactionalBatch batch, SymbolStorePlan plan, CancellationToken cancellationToken)
    {
        using TransactionalBatchResponse response = await batch.ExecuteAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new CosmosException(
                $"The history of {plan.Symbol.State.Symbol} was not stored: {response.StatusCode}.",
                response.StatusCode, 0, response.ActivityId, response.RequestCharge);
        }

        plan.Symbol.RingETag = response[0].ETag;
    }

    private async Task<BarChunk> ChunkAsync(
        BoardSymbol symbol, ChunkKind kind, long start, CancellationToken cancellationToken)
    {
        if (symbol.Chunks.TryGetValue(kind, out BarChunk? chunk) && chunk.Start == start)
        {
            return chunk;
        }

        JsonElement? stored = await ReadAsync(symbol.State.Symbol, kind.IdOf(start), cancellationToken);
        return symbol.Chunks[kind] = new BarChunk(kind, start, stored);
    }

    private async Task<JsonElement?> ReadAsync(string symbol, string id, CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _history.ReadItemStreamAsync(
            id, new PartitionKey(symbol), cancellationToken: cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        using JsonDocument document = await JsonDocument.ParseAsync(response.Content, default, cancellationToken);
        return document.RootElement.Clone();
    }
}
