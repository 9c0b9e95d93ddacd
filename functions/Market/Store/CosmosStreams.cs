using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace FinVault.Market.Store;

/// <summary>Queries whose documents are read as JSON, without a class for each of them.</summary>
internal static class CosmosStreams
{
    /// <summary>The documents of a query within one partition.</summary>
    public static async IAsyncEnumerable<JsonElement> QueryStreamAsync(
        this Container container,
        QueryDefinition query,
        PartitionKey partition,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using FeedIterator pages = container.GetItemQueryStreamIterator(
            query, requestOptions: new QueryRequestOptions { PartitionKey = partition, MaxItemCount = -1 });
        while (pages.HasMoreResults)
        {
            using ResponseMessage page = await pages.ReadNextAsync(cancellationToken);
            page.EnsureSuccessStatusCode();
            foreach (JsonElement document in await page.DocumentsAsync(cancellationToken))
            {
                yield return document;
            }
        }
    }

    /// <summary>What was written, as a stream over the same bytes.</summary>
    public static Stream AsStream(this ArrayBufferWriter<byte> document)
    {
        MemoryMarshal.TryGetArray(document.WrittenMemory, out ArraySegment<byte> bytes);
        return new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false, publiclyVisible: true);
    }

    /// <summary>The documents of a page; they outlive the response.</summary>
    public static async Task<IReadOnlyList<JsonElement>> DocumentsAsync(
        this ResponseMessage page, CancellationToken cancellationToken)
    {
        using JsonDocument content = await JsonDocument.ParseAsync(page.Content, default, cancellationToken);
        return [.. content.RootElement.GetProperty("Documents").EnumerateArray().Select(d => d.Clone())];
    }
}
