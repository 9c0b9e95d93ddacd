using System.Buffers;
using System.Text.Json;

namespace FinVault.Local.Cosmos;

/// <summary>The results of one answer, written as they are found.</summary>
internal sealed class ResultPage
{
    /// <summary>The service answers at most 4 MB.</summary>
    private const int SizeLimitBytes = 4 * 1024 * 1024;

    /// <summary>What the service puts into a page when the client leaves it the choice.</summary>
    private const int DefaultItemCount = 100;

    /// <summary>The most that it puts there, as it also does where the client asks for as many as there are (-1).</summary>
    private const int MaxItemCount = 1000;

    private readonly ArrayBufferWriter<byte> buffer = new(4096);
    private readonly int limit;

    public ResultPage(CosmosContainer container, int? maxItemCount)
    {
        limit = maxItemCount switch
        {
            null => DefaultItemCount,
            <= 0 => MaxItemCount,
            { } asked => asked,
        };
        Write("{\"_rid\":\""u8);
        Write(System.Text.Encoding.ASCII.GetBytes(container.Rid));
        Write("\",\"Documents\":["u8);
    }

    public int Count { get; private set; }

    public bool IsFull => Count >= limit || buffer.WrittenCount >= SizeLimitBytes;

    public void Add(ReadOnlySpan<byte> json)
    {
        Separate();
        Write(json);
    }

    public void Add(StoredDocument stored, CosmosContainer container, ReadOnlySpan<byte> body, bool withLsn = false)
    {
        Separate();
        stored.CompleteTo(buffer, container, body, withLsn);
    }

    public ReadOnlyMemory<byte> Finish()
    {
        Write("],\"_count\":"u8);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteNumberValue(Count);
        }
        Write("}"u8);
        return buffer.WrittenMemory;
    }

    private void Separate()
    {
        if (Count++ > 0)
        {
            Write(","u8);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);
}
