using System.Buffers;
using System.Text;
using System.Text.Json;
using FinVault.Market.Rules;
using FinVault.Market.Store;
using Microsoft.Azure.Cosmos;

namespace FinVault.Benchmarks.Portfolios;

/// <summary>Years of a symbol's daily bars, made up. Years of ticks would take the ingest minutes, and are not measured.</summary>
internal static class PortfolioPast
{
    public static async Task StoreAsync(Container history, string symbol, int years)
    {
        Random random = new(Encoding.UTF8.GetBytes(symbol).Sum(letter => letter));
        double price = 100 + (900 * random.NextDouble());
        DateOnly today = DateOnly.FromDateTime(DateTime.UtcNow);
        List<Bar> bars = [];
        for (DateOnly day = today.AddYears(-years).AddDays(-15); day < today; day = day.AddDays(1))
        {
            price *= 1.0004 + (0.012 * (random.NextDouble() + random.NextDouble() - 1));
            decimal close = (decimal)Math.Round(price, 2);
            long start = TradingDay.Starting(day).Bar.Start;
            bars.Add(new(start, close, close, close, close, 1_000, 10, close * 1_000, start, start));
        }

        foreach (IGrouping<long, Bar> year in bars.GroupBy(bar => ChunkKind.Days.StartOf(bar.Start)))
        {
            ReadOnlyMemory<byte> document = new BarChunk(ChunkKind.Days, year.Key, null)
                .With(year.Select(bar => (bar, Json(bar)))).Write(symbol).WrittenMemory;
            using MemoryStream body = new(document.ToArray());
            using ResponseMessage done = await history.UpsertItemStreamAsync(body, new PartitionKey(symbol));
            done.EnsureSuccessStatusCode();
        }
    }

    private static byte[] Json(Bar bar)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteBar(bar);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
