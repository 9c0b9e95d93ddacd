using System.Buffers;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Local.Feed;

/// <summary>
/// Writes the made-up past of the demo symbols as the market stores daily bars, a batch a symbol. Only before their first
/// tick: who folds a symbol's ticks has its newest document in memory, and would write over this.
/// </summary>
internal sealed class DemoHistory(CosmosClient cosmos, Exchanges exchanges, TimeProvider time)
{
    private readonly Container _history = cosmos.GetContainer(Containers.Database, Containers.History);

    /// <summary>Writes it; a second time the same.</summary>
    /// <exception cref="CosmosException">The store refused.</exception>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        DateOnly last = DemoPast.LastDay(time.GetUtcNow());
        foreach (DemoSymbol symbol in DemoFeed.Symbols)
        {
            TransactionalBatch batch = _history.CreateTransactionalBatch(new PartitionKey(symbol.Name));
            foreach (var year in DemoPast.BarsOf(symbol, last, exchanges.All[0]).GroupBy(bar => ChunkKind.Days.StartOf(bar.Start)))
            {
                BarChunk chunk = new(ChunkKind.Days, year.Key, null);
                batch.UpsertItemStream(chunk.With(year.Select(bar => (bar, Json(bar)))).Write(symbol.Name).AsStream());
            }

            using TransactionalBatchResponse answer = await batch.ExecuteAsync(cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw new CosmosException(
                    $"The past of {symbol.Name} was not stored.", answer.StatusCode, 0, answer.ActivityId, answer.RequestCharge);
            }
        }
    }

    private static byte[] Json(Bar bar)
    {
        ArrayBufferWriter<byte> buffer = new(160);
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteBar(bar);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
