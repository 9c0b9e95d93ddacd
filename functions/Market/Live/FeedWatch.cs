using System.Net;
using System.Text.Json.Serialization;
using FinVault.Audit;
using FinVault.Market.Calendar;
using FinVault.Market.Read;
using FinVault.Market.Store;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Live;

/// <summary>Notices that a source of ticks falls silent or is back, once for all instances, and says so to every client.</summary>
public sealed partial class FeedWatch(CosmosClient cosmos, BoardReader boards, TimeProvider time, ILogger<FeedWatch> logger)
{
    private const string Id = "feeds";

    // Operators hear of it again for as long as it lasts, but not every second.
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    private readonly Container _market = cosmos.GetContainer(Containers.Database, Containers.Market);

    private DateTimeOffset _saidAt;

    /// <summary>Compares the sources with what was said last; the changes are to be sent to everybody.</summary>
    public async Task<SignalRMessageAction[]> CheckAsync(CancellationToken cancellationToken)
    {
        BoardSnapshot snapshot = await boards.ReadAsync(cancellationToken);
        (FeedsDocument known, string? etag) = await ReadAsync(cancellationToken);
        Dictionary<string, bool> silent = snapshot.Sources.Keys.ToDictionary(s => s, snapshot.IsSilent);
        SayWhatIsStale(snapshot, [.. silent.Where(source => source.Value).Select(source => source.Key)]);
        string[] changed = [.. silent.Where(s => known.Silent.GetValueOrDefault(s.Key, !s.Value) != s.Value).Select(s => s.Key)];
        if (changed.Length == 0 || !await WriteAsync(known with { Silent = silent }, etag, cancellationToken))
        {
            return [];
        }

        return [.. changed.Select(source => new SignalRMessageAction(
            Realtime.Feed, [FeedNotice.Of(source, silent[source], snapshot.Sources[source])]))];
    }

    // Silence is an alert only where quotes are stale by it: not after the close, when nothing is sent.
    private void SayWhatIsStale(BoardSnapshot snapshot, string[] silent)
    {
        if (silent.Length == 0 || time.GetUtcNow() - _saidAt < BetweenLines)
        {
            return;
        }

        foreach (IGrouping<string, Quote> stale in snapshot.Symbols
            .Select(snapshot.QuoteOf)
            .Where(quote => quote.Stale && silent.Contains(quote.Source))
            .GroupBy(quote => quote.Source))
        {
            _saidAt = time.GetUtcNow();
            LogStale(stale.Key, stale.Count());
        }
    }

    [LoggerMessage(1102, LogLevel.Error, "The feed {Source} is silent: {Quotes} of its quotes are stale")]
    private partial void LogStale(string source, int quotes);

    private async Task<(FeedsDocument Feeds, string? ETag)> ReadAsync(CancellationToken cancellationToken)
    {
        using ResponseMessage response = await _market.ReadItemStreamAsync(
            Id, new PartitionKey(Id), cancellationToken: cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound
            ? (new FeedsDocument(Id, Id, new Dictionary<string, bool>()), null)
            : (await Json.ReadAsync<FeedsDocument>(response, cancellationToken), response.Headers.ETag);
    }

    // False when another instance was first: it is the one that says so.
    private async Task<bool> WriteAsync(FeedsDocument feeds, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            await (etag is null
                ? _market.CreateItemAsync(feeds, new PartitionKey(Id), cancellationToken: cancellationToken)
                : _market.ReplaceItemAsync(
                    feeds, Id, new PartitionKey(Id), new ItemRequestOptions { IfMatchEtag = etag }, cancellationToken));
            return true;
        }
        catch (CosmosException raced) when (raced.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    [NotAudited("It is of the market, where nobody decides anything.")]
    private sealed record FeedsDocument(string Id, string Shard, IReadOnlyDictionary<string, bool> Silent);
}

/// <summary>Told to every client: all quotes of a source are stale from now on, or no longer.</summary>
/// <remarks>Named one by one: the worker writes a message's arguments with names of its own choice.</remarks>
/// <param name="Source">The quotes' source.</param>
/// <param name="Stale">True when it has fallen silent.</param>
/// <param name="Since">When it was heard last.</param>
public sealed record FeedNotice(
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("stale")] bool Stale,
    [property: JsonPropertyName("since")] DateTimeOffset Since)
{
    public static FeedNotice Of(string source, bool stale, SourceState state) =>
        new(source, stale, Micros.ToTime(state.HeardAt));
}
