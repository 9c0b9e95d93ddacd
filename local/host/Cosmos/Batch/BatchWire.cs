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

    private static readonly LayoutResolverNamespace Resolver = new(LoadSchema());
    private static readonly Layout OperationLayout = Layout("BatchOperation");
    private static readonly Layout ResultLayout = Layout("BatchResult");

    /// <summary>Throws <see cref="RefusedException"/> if the body is no batch.</summary>
    public static List<BatchOperation> Read(ReadOnlyMemory<byte> body)
    {
        var operations = new List<BatchOperation>();
        using var stream = new MemoryStream(body.ToArray(), writable: false);
        // Over memory both are done when they return.
        Result result = stream.ReadRecordIOAsync(
            (Func<ReadOnlyMemory<byte>, Result>)(record => ReadOperation(record, operations)),
            resizer: new MemorySpanResizer<byte>(body.Length)).GetAwaiter().GetResult();
        return result == Result.Success
            ? operations
            : throw new RefusedException($"The batch cannot be read: {result}.");
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

    private static Result ReadOperation(ReadOnlyMemory<byte> record, List<BatchOperation> operations)
    {
        var row = new RowBuffer(record.Length);
        if (!row.ReadFrom(record.Span, HybridRowVersion.V1, Resolver))
        {
            return Result.Failure;
        }
        var reader = new RowReader(ref row);
        var operation = new BatchOperation();
        while (reader.Read())
        {
            Result result = ReadField(ref reader, operation);
            if (result != Result.Success)
            {
                return result;
            }
        }
        operations.Add(operation);
        return Result.Success;
    }

    private static Result ReadField(ref RowReader reader, BatchOperation operation)
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
                result = reader.ReadBinary(out byte[] body);
                operation.Body = body;
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

    private static Result WriteResult(DocumentResult result, MemorySpanResizer<byte> resizer, out ReadOnlyMemory<byte> buffer)
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
