using System.Reflection;
using System.Text.Json;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Audit;

/// <summary>
/// A transaction that tells the trail of what it changes: behind its operations, whose places stay as they are, it
/// creates a <see cref="StoredChange"/> for each that is audited. It is still one request.
/// </summary>
internal sealed class AuditedBatch(TransactionalBatch batch, string container, string partition) : TransactionalBatch
{
    private static readonly TransactionalBatchItemRequestOptions NoBody = new() { EnableContentResponseOnWrite = false };

    private readonly List<StoredChange> _changes = [];

    /// <summary>Whether documents of a type are audited.</summary>
    public static bool Tells<T>() => Declared<T>.IsAudited;

    /// <summary>Whether a patch says who makes it, as every patch of an audited document does.</summary>
    public static bool IsStamped(IReadOnlyList<PatchOperation> patch) => patch.Any(IsStamp);

    public override TransactionalBatch CreateItem<T>(T item, TransactionalBatchItemRequestOptions requestOptions = null!)
    {
        _ = Tells<T>()
            ? batch.CreateItemStream(Tell(item), requestOptions)
            : batch.CreateItem(item, requestOptions);
        return this;
    }

    public override TransactionalBatch UpsertItem<T>(T item, TransactionalBatchItemRequestOptions requestOptions = null!)
    {
        _ = Tells<T>()
            ? batch.UpsertItemStream(Tell(item), requestOptions)
            : batch.UpsertItem(item, requestOptions);
        return this;
    }

    public override TransactionalBatch ReplaceItem<T>(
        string id, T item, TransactionalBatchItemRequestOptions requestOptions = null!)
    {
        _ = Tells<T>()
            ? batch.ReplaceItemStream(id, Tell(item), requestOptions)
            : batch.ReplaceItem(id, item, requestOptions);
        return this;
    }

    public override TransactionalBatch PatchItem(
        string id, IReadOnlyList<PatchOperation> patchOperations,
        TransactionalBatchPatchItemRequestOptions requestOptions = null!)
    {
        if (patchOperations.FirstOrDefault(IsStamp) is PatchOperation<ChangeStamp> stamp)
        {
            _changes.Add(StoredChange.New(container, partition, id, stamp.Value) with
            {
                Sets = [.. patchOperations.Where(operation => !IsStamp(operation)).Select(StoredSet.Of)],
            });
        }

        batch.PatchItem(id, patchOperations, requestOptions);
        return this;
    }

    public override TransactionalBatch DeleteItem(string id, TransactionalBatchItemRequestOptions requestOptions = null!)
    {
        batch.DeleteItem(id, requestOptions);
        return this;
    }

    public override TransactionalBatch ReadItem(string id, TransactionalBatchItemRequestOptions requestOptions = null!)
    {
        batch.ReadItem(id, requestOptions);
        return this;
    }

    public override TransactionalBatch CreateItemStream(
        Stream streamPayload, TransactionalBatchItemRequestOptions requestOptions = null!) => throw Untyped();

    public override TransactionalBatch UpsertItemStream(
        Stream streamPayload, TransactionalBatchItemRequestOptions requestOptions = null!) => throw Untyped();

    public override TransactionalBatch ReplaceItemStream(
        string id, Stream streamPayload, TransactionalBatchItemRequestOptions requestOptions = null!) => throw Untyped();

    public override Task<TransactionalBatchResponse> ExecuteAsync(CancellationToken cancellationToken = default) =>
        Complete().ExecuteAsync(cancellationToken);

    public override Task<TransactionalBatchResponse> ExecuteAsync(
        TransactionalBatchRequestOptions requestOptions, CancellationToken cancellationToken = default) =>
        Complete().ExecuteAsync(requestOptions, cancellationToken);

    private TransactionalBatch Complete()
    {
        foreach (StoredChange change in _changes)
        {
            batch.CreateItem(change, NoBody);
        }

        _changes.Clear();
        return batch;
    }

    // The document and what the trail is told have the same stamp, so it is written once.
    private MemoryStream Tell<T>(T item)
    {
        byte[] written = JsonSerializer.SerializeToUtf8Bytes(item, Json.Stored);
        JsonElement document = JsonSerializer.Deserialize<JsonElement>(written);
        ChangeStamp by = document.GetProperty(ChangeStamp.Field).Deserialize<ChangeStamp>(Json.Options)!;
        _changes.Add(
            StoredChange.New(container, partition, document.GetProperty("id").GetString()!, by) with { Document = document });
        return new(written);
    }

    private static bool IsStamp(PatchOperation operation) => operation.Path == $"/{ChangeStamp.Field}";

    private static NotSupportedException Untyped() => new("What is written has a type, which says whether it is audited.");

    private static class Declared<T>
    {
        public static bool IsAudited { get; } = typeof(T).IsDefined(typeof(AuditedAttribute));
    }
}
