using System.Buffers;
using System.Net;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Market.Rules;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Market.Store;

/// <summary>The stored boards and segments of a shard, as its one writer sees them.</summary>
public sealed class ShardStore(CosmosClient cosmos, Exchanges exchanges, HistoryStore history, TimeProvider time)
{
    /// <summary>Raw ticks are only needed until the rings that hold them are stored, a minute or two later.</summary>
    public const int SegmentTimeToLiveSeconds = 6 * 3600;

    public const int DeadLetterTimeToLiveSeconds = 30 * 24 * 3600;

    // The service takes 2 MB and 100 operations a transaction.
    private const int MaxBatchBytes = 1_600_000;
    private const int MaxBatchOperations = 90;

    private readonly Container _market = cosmos.GetContainer(Containers.Database, Containers.Market);

    /// <summary>Reads a shard as it was committed last, with the rings of its symbols: what its writer needs.</summary>
    public async Task<Shard> LoadAsync(string shardId, CancellationToken cancellationToken)
    {
        Shard shard = await ReadBoardsAsync(shardId, cancellationToken);
        await RestoreRingsAsync(shard, cancellationToken);
        return shard;
    }

    /// <summary>Reads the boards of a shard alone: what readers of quotes need.</summary>
    public async Task<Shard> ReadBoardsAsync(string shardId, CancellationToken cancellationToken)
    {
        Shard shard = new(shardId, exchanges);
        QueryDefinition boards = new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind")
            .WithParameter("@kind", DocumentKinds.Board);
        List<JsonElement> documents = await QueryAsync(shardId, boards, cancellationToken).ToListAsync(cancellationToken);
        foreach (JsonElement document in documents.OrderBy(BoardJson.NumberOf))
        {
            shard.Boards.Add(BoardJson.Read(document, shard, exchanges));
        }

        return shard;
    }

    /// <summary>
    /// Writes every dirty board with its ticks and dead letters, a board and its segment in one transaction. Throws
    /// <see cref="CosmosException"/> when the store refuses or another instance has written the shard; what is in
    /// memory is then to be thrown away, and loaded again.
    /// </summary>
    /// <returns>Request units that it cost.</returns>
    public async Task<double> CommitAsync(
        Shard shard, IReadOnlyList<DeadTick> deadTicks, CancellationToken cancellationToken)
    {
        double charge = 0;
        Transaction transaction = new(_market, shard.Id);
        foreach (DeadLetterDocument letter in DeadLetterDocument.Pack(shard.Id, deadTicks, time))
        {
            transaction.Create(letter.Write());
        }

        foreach (Board board in shard.Boards.Where(b => b.IsDirty))
        {
            ArrayBufferWriter<byte> document = BoardJson.Write(shard.Id, board);
            ArrayBufferWriter<byte>? segment = SegmentJson.Write(shard.Id, board, SegmentTimeToLiveSeconds);
            int bytes = document.WrittenCount + (segment?.WrittenCount ?? 0);
            if (transaction.Bytes + bytes > MaxBatchBytes || transaction.Operations + 2 > MaxBatchOperations)
            {
                charge += await transaction.ExecuteAsync(cancellationToken);
                transaction = new Transaction(_market, shard.Id);
            }

            transaction.Put(board, document);
            if (segment is not null)
            {
                transaction.Create(segment);
            }
        }

        return charge + await transaction.ExecuteAsync(cancellationToken);
    }

    /// <summary>The ticks of a shard's segments from a hub sequence number on, oldest first, by symbol.</summary>
    internal async IAsyncEnumerable<(string Symbol, IEnumerable<Tick> Ticks)> ReadSegmentsAsync(
        string shardId,
        long fromSequence,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryDefinition segments = new QueryDefinition(
            "SELECT * FROM c WHERE c.kind = @kind AND c.last >= @from ORDER BY c.last")
            .WithParameter("@kind", DocumentKinds.Segment)
            .WithParameter("@from", fromSequence);
        await foreach (JsonElement segment in QueryAsync(shardId, segments, cancellationToken))
        {
            foreach (JsonProperty symbol in segment.GetProperty("t").EnumerateObject())
            {
                yield return (symbol.Name, symbol.Value.ReadTicks());
            }
        }
    }

    private IAsyncEnumerable<JsonElement> QueryAsync(
        string shardId, QueryDefinition query, CancellationToken cancellationToken) =>
        _market.QueryStreamAsync(query, new PartitionKey(shardId), cancellationToken);

    private async Task RestoreRingsAsync(Shard shard, CancellationToken cancellationToken)
    {
        await history.LoadRingsAsync(shard.Symbols, cancellationToken);
        BoardSymbol[] behind = [.. shard.Symbols.Where(s => s.State.Ring.LastSeq < s.State.Seq)];
        if (behind.Length == 0)
        {
            return;
        }

        Dictionary<string, SymbolState> states = behind.ToDictionary(s => s.State.Symbol, s => s.State);
        long from = behind.Min(s => s.UnstoredFrom);
        await foreach ((string name, IEnumerable<Tick> ticks) in ReadSegmentsAsync(shard.Id, from, cancellationToken))
        {
            if (states.TryGetValue(name, out SymbolState? state))
            {
                state.Ring.Continue(ticks);
            }
        }

        // Ticks that outlived neither the segments nor a stored ring are gone: the ring starts anew behind them.
        foreach (SymbolState state in states.Values.Where(s => s.Ring.LastSeq != s.Seq))
        {
            state.Restore(new TickRing());
        }
    }

    /// <summary>A transactional batch and what has to be told to the boards once it is committed.</summary>
    private sealed class Transaction(Container container, string shardId)
    {
        private readonly TransactionalBatch _batch = container.CreateTransactionalBatch(new PartitionKey(shardId));
        private readonly List<(int Operation, Board Board)> _boards = [];

        public int Bytes { get; private set; }

        public int Operations { get; private set; }

        public void Create(ArrayBufferWriter<byte> document)
        {
            _batch.CreateItemStream(Count(document));
            Operations++;
        }

        public void Put(Board board, ArrayBufferWriter<byte> document)
        {
            _boards.Add((Operations, board));
            if (board.ETag is null)
            {
                Create(document);
                return;
            }

            _batch.ReplaceItemStream(
                board.Id, Count(document), new TransactionalBatchItemRequestOptions { IfMatchEtag = board.ETag });
            Operations++;
        }

        public async Task<double> ExecuteAsync(CancellationToken cancellationToken)
        {
            if (Operations == 0)
            {
                return 0;
            }

            using TransactionalBatchResponse response = await _batch.ExecuteAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                TransactionalBatchOperationResult? cause = response
                    .FirstOrDefault(r => r.StatusCode != HttpStatusCode.FailedDependency && !r.IsSuccessStatusCode);
                throw new CosmosException(
                    $"Shard {shardId} was not committed: {cause?.StatusCode ?? response.StatusCode}.",
                    cause?.StatusCode ?? response.StatusCode, 0, response.ActivityId, response.RequestCharge);
            }

            foreach ((int operation, Board board) in _boards)
            {
                board.ETag = response[operation].ETag;
                board.IsDirty = false;
            }

            return response.RequestCharge;
        }

        private Stream Count(ArrayBufferWriter<byte> document)
        {
            Bytes += document.WrittenCount;
            return document.AsStream();
        }
    }
}
