using System.Buffers;
using System.Text.Json;
using FinVault.Market.Calendar;
using FinVault.Market.DeadLetters;
using FinVault.Market.Rules;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Market.Store;

/// <summary>The stored boards and segments of a shard, as its one writer sees them.</summary>
public sealed class ShardStore(CosmosClient cosmos, Exchanges exchanges, HistoryStore history, TimeProvider time)
{
    /// <summary>Raw ticks are only needed until the rings that hold them are stored, a minute or two later.</summary>
    public const int SegmentTimeToLiveSeconds = 6 * 3600;

    private readonly Container _market = cosmos.GetContainer(Containers.Database, Containers.Market);

    /// <summary>Reads a shard as it was committed last, with the rings of its symbols: what its writer needs.</summary>
    public async Task<Shard> LoadAsync(string shardId, CancellationToken cancellationToken)
    {
        Shard shard = await ReadBoardsAsync(shardId, cancellationToken);
        await RestoreRingsAsync(shard, cancellationToken);
        return shard;
    }

    /// <summary>Reads the boards of a shard alone: what readers of quotes need.</summary>
    /// <param name="shardId">The shard.</param>
    /// <param name="before">What was read last, if nobody changes it: symbols that did not tick since are taken from it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Shard> ReadBoardsAsync(
        string shardId, CancellationToken cancellationToken, Shard? before = null)
    {
        Shard shard = new(shardId, exchanges);
        QueryDefinition boards = new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind")
            .WithParameter("@kind", DocumentKinds.Board);
        List<JsonElement> documents = await QueryAsync(shardId, boards, cancellationToken).ToListAsync(cancellationToken);
        foreach (JsonElement document in documents.OrderBy(BoardJson.NumberOf))
        {
            shard.Boards.Add(BoardJson.Read(document, shard, exchanges, before));
        }

        return shard;
    }

    /// <summary>
    /// Writes every dirty board with its ticks, and the dead letters, in one transaction; in several where the service
    /// cannot take that much at once, and then each board still goes with its own ticks. Throws
    /// <see cref="CosmosException"/> when the store refuses or another instance has written the shard; what is in
    /// memory is then to be thrown away, and loaded again.
    /// </summary>
    /// <returns>Request units that it cost.</returns>
    public async Task<double> CommitAsync(
        Shard shard, IReadOnlyList<DeadTick> deadTicks, CancellationToken cancellationToken)
    {
        ShardTransaction transaction = new(_market, shard.Id);
        foreach (ArrayBufferWriter<byte> letter in DeadLetterDocument.Pack(shard.Id, deadTicks, time))
        {
            await transaction.MakeRoomAsync(letter.WrittenCount, 1, cancellationToken);
            transaction.Create(letter);
        }

        foreach (Board board in shard.Boards.Where(b => b.IsDirty))
        {
            ArrayBufferWriter<byte> document = BoardJson.Write(shard.Id, board);
            ArrayBufferWriter<byte>? segment = SegmentJson.Write(shard.Id, board, SegmentTimeToLiveSeconds);
            int bytes = document.WrittenCount + (segment?.WrittenCount ?? 0);
            await transaction.MakeRoomAsync(bytes, 2, cancellationToken);
            transaction.Put(board, document);
            if (segment is not null)
            {
                transaction.Create(segment);
            }
        }

        await transaction.ExecuteAsync(cancellationToken);
        return transaction.Charge;
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
}
