using System.Buffers.Binary;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Schemas;

namespace FinVault.Local.Cosmos;

/// <summary>
/// The binary form of a transactional batch: records of HybridRow, in the two layouts whose schema the SDK carries as
/// a resource. Its types are public, so what is written here is read by the very code that wrote the request.
/// </summary>
internal static class BatchWire
{
    private const string SchemaResource = "Microsoft.Azure.Cosmos.Batch.HybridRowBatchSchemas.json";

    private const int SegmentSchema = 0x7FFFD8F0;
    private const int RecordSchema = 0x7FFFD8F1;
    private const int RecordHeaderBytes = 13;

    private static readonly LayoutResolverNamespace Resolver = new(LoadSchema());
    private static readonly Layout OperationLayout = Layout("BatchOperation");
    private static readonly Layout ResultLayout = Layout("BatchResult");

    /// <summary>
    /// Reads the operations; their bodies are parts of <paramref name="body"/>, not copies. The frame is: a segment row
    /// (version, schema, presence, length of the row), then for each record a header row (version, schema, length and
    /// CRC-32 of the record) and the record. The checksum is not computed: the bytes came through memory or TCP.
    /// Throws <see cref="RefusedException"/> if the body is no batch.
    /// </summary>
    public static List<BatchOperation> Read(ReadOnlyMemory<byte> body)
    {
        var operations = new List<BatchOperation>();
        int at = 0;
        while (at < body.Length)
        {
            ReadOnlySpan<byte> frame = body.Span[at..];
            int schema = frame.Length > RecordHeaderBytes ? BinaryPrimitives.ReadInt32LittleEndian(frame[1..]) : 0;
            int length = schema switch
            {
                SegmentSchema => BinaryPrimitives.ReadInt32LittleEndian(frame[6..]),
                RecordSchema => BinaryPrimitives.ReadInt32LittleEndian(frame[5..]),
                _ => throw Unreadable($"unknown frame at byte {at}"),
            };
            at += schema == RecordSchema ? RecordHeaderBytes : 0;
            if (length <= 0 || length > body.Length - at)
            {
                throw Unreadable($"a length of {length} at byte {at}");
            }
            if (schema == RecordSchema)
            {
                operations.Add(ReadOperation(body.Slice(at, length)));
            }
            at += length;
        }
        return operations;
    }

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<DocumentResult> results)
    {
        using var stream = new MemoryStream();
        var resizer = new MemorySpanResizer<byte>(1024);
        Result result = stream.WriteRecordIOAsync(default, (long index, out ReadOnlyMemory<byte> buffer) =>
        {
            buffer = default;
            return index < results.Count ? WriteResult(results[(int)index], resizer, out buffer) : Result.Success;
        }).GetAwaiter().GetResult();
        return result == Result.Success
            ? stream.GetBuffer().AsMemory(0, (int)stream.Length)
            : throw new InvalidOperationException($"The batch answer cannot be written: {result}.");
    }

    private static BatchOperation ReadOperation(ReadOnlyMemory<byte> record)
    {
        var operation = new BatchOperation();
        var reader = new RowReader(record, HybridRowVersion.V1, Resolver);
        while (reader.Read())
        {
            Result result = ReadField(ref reader, record, operation);
            if (result != Result.Success)
            {
                throw Unreadable(result.ToString());
            }
        }
        return operation;
    }

    private static Result ReadField(ref RowReader reader, ReadOnlyMemory<byte> record, BatchOperation operation)
    {
        Result result = Result.Success;
        switch (reader.Path.ToString())
        {
            case "operationType":
                result = reader.ReadInt32(out int type);
                operation.Kind = BatchOperation.KindOf(type);
                break;
            case "partitionKey":
                result = reader.ReadString(out string partitionKey);
                operation.PartitionKey = partitionKey;
                break;
            case "id":
                result = reader.ReadString(out string id);
                operation.Id = id;
                break;
            case "resourceBody":
                result = reader.ReadBinary(out ReadOnlySpan<byte> body);
                record.Span.Overlaps(body, out int offset);
                operation.Body = record.Slice(offset, body.Length);
                break;
            case "ifMatch":
                result = reader.ReadString(out string ifMatch);
                operation.IfMatch = ifMatch;
                break;
            case "ifNoneMatch":
                result = reader.ReadString(out string ifNoneMatch);
                operation.IfNoneMatch = ifNoneMatch;
                break;
            case "minimalReturnPreference":
                result = reader.ReadBool(out bool minimal);
                operation.Minimal = minimal;
                break;
        }
        return result;
    }

    private static RefusedException Unreadable(string reason) => new($"The batch cannot be read: {reason}.");

    private static Result WriteResult(
        DocumentResult result, MemorySpanResizer<byte> resizer, out ReadOnlyMemory<byte> buffer)
    {
        var row = new RowBuffer(resizer.Memory.Length, resizer);
        row.InitLayout(HybridRowVersion.V1, ResultLayout, Resolver);
        Result written = RowWriter.WriteBuffer(ref row, result, WriteFields);
        buffer = written == Result.Success ? resizer.Memory[..row.Length] : default;
        return written;
    }

    private static Result WriteFields(ref RowWriter writer, TypeArgument type, DocumentResult result)
    {
        Result written = writer.WriteInt32("statusCode", result.Status);
        if (written == Result.Success && result.Refusal is { SubStatus: not 0 } refusal)
        {
            written = writer.WriteInt32("subStatusCode", refusal.SubStatus);
        }
        if (written == Result.Success && result.Stored.Version != 0)
        {
            written = writer.WriteString("eTag", result.Stored.ETag);
        }
        ReadOnlyMemory<byte> body = result.Refusal is { } refused ? CosmosResponse.From(refused).Body : result.Body;
        if (written == Result.Success && !body.IsEmpty)
        {
            written = writer.WriteBinary("resourceBody", body.Span);
        }
        return written == Result.Success ? writer.WriteFloat64("requestCharge", result.Charge) : written;
    }

    private static Layout Layout(string name) =>
        Resolver.Resolve(Resolver.Namespace.Schemas.Single(s => s.Name == name).SchemaId);

    private static Namespace LoadSchema()
    {
        using Stream stream = typeof(CosmosClient).Assembly.GetManifestResourceStream(SchemaResource)
            ?? throw new InvalidOperationException($"The Cosmos SDK no longer carries '{SchemaResource}'.");
        using var reader = new StreamReader(stream);
        return Namespace.Parse(reader.ReadToEnd());
    }
}
