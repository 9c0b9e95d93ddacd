using Microsoft.Extensions.Logging;

namespace FinVault.Market.Ingest;

internal static partial class IngestLog
{
    [LoggerMessage(1001, LogLevel.Information, "Shard {Shard} loaded with {Symbols} symbols.")]
    public static partial void Loaded(ILogger logger, string shard, int symbols);

    [LoggerMessage(1002, LogLevel.Warning, "Shard {Shard} was not committed (attempt {Attempt}); its batch is tried again.")]
    public static partial void Retrying(ILogger logger, string shard, int attempt, Exception failure);

    [LoggerMessage(1003, LogLevel.Warning, "Shard {Shard} belongs to another instance now; it is read again.")]
    public static partial void LostShard(ILogger logger, string shard, Exception failure);

    [LoggerMessage(1004, LogLevel.Warning, "Rings and bars of shard {Shard} were not stored yet.")]
    public static partial void HistoryNotStored(ILogger logger, string shard, Exception failure);
}
