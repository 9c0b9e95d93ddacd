using System.Buffers;
using System.Net;
using Microsoft.Azure.Cosmos;

namespace FinVault.Market.Store;

/// <summary>What is to be written to a shard together, and what has to be told to the boards once it is.</summary>
internal sealed class ShardTransaction(Container container, string shardId)
{
    // The service takes 2 MB and 100 operations.
    private const int MaxBytes = 1_600_000;
    private const int MaxOperations = 90;

    private readonly List<(int Operation, Board Board)> _boards = [];
    private TransactionalBatch _batch = container.CreateTransactionalBatch(new PartitionKey(shardId));
    private int _bytes;
    private int _operations;

    /// <summary>Request units of what was executed.</summary>
    public double Charge { get; private set; }

    /// <summary>Executes what there is when more would be too much at once.</summary>
    public Task MakeRoomAsync(int bytes, int operations, CancellationToken cancellationToken) =>
        _bytes + bytes > MaxBytes || _operations + operations > MaxOperations
            ? ExecuteAsync(cancellationToken)
            : Task.CompletedTask;

    public void Create(ArrayBufferWriter<byte> document)
    {
        _batch.CreateItemStream(document.AsStream());
        Count(document);
    }

    /// <summary>Creates a new board, or replaces the one that was read and nobody has written since.</summary>
    public void Put(Board board, ArrayBufferWriter<byte> document)
    {
        _boards.Add((_operations, board));
        if (board.ETag is null)
        {
            Create(document);
            return;
        }

        _batch.ReplaceItemStream(
            board.Id, document.AsStream(), new TransactionalBatchItemRequestOptions { IfMatchEtag = board.ETag });
        Count(document);
    }

    /// <exception cref="CosmosException">Nothing of it was written, as far as the store says.</exception>
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (_operations == 0)
        {
            return;
        }

        using TransactionalBatchResponse response = await _batch.ExecuteAsync(cancellationToken);
        Charge += response.RequestCharge;
        if (!response.IsSuccessStatusCode)
        {
            HttpStatusCode cause = response.FirstOrDefault(
                r => !r.IsSuccessStatusCode && r.StatusCode != HttpStatusCode.FailedDependency)?.StatusCode
                ?? response.StatusCode;
            throw new CosmosException(
                $"Shard {shardId} was not written: {cause}.", cause, 0, response.ActivityId, response.RequestCharge);
        }

        foreach ((int operation, Board board) in _boards)
        {
            board.ETag = response[operation].ETag;
            board.IsDirty = false;
        }

        _batch = container.CreateTransactionalBatch(new PartitionKey(shardId));
        _boards.Clear();
        (_bytes, _operations) = (0, 0);
    }

    private void Count(ArrayBufferWriter<byte> document)
    {
        _bytes += document.WrittenCount;
        _operations++;
    }
}
