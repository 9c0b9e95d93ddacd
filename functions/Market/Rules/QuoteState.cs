namespace FinVault.Market.Rules;

/// <summary>The latest accepted tick of a symbol and its day so far. Times are microseconds since the Unix epoch.</summary>
/// <param name="Price">Last traded price.</param>
/// <param name="Volume">The day's cumulative volume as the tick gave it.</param>
/// <param name="Open">First accepted price of the day.</param>
/// <param name="High">Highest accepted price of the day.</param>
/// <param name="Low">Lowest accepted price of the day.</param>
/// <param name="PreviousClose">Last price of the trading day before; null when none was seen.</param>
/// <param name="EventTime">The exchange's stamp.</param>
/// <param name="AsOf">When FinVault took the tick.</param>
/// <param name="Source">The feed or provider that gave it.</param>
public sealed record QuoteState(
    decimal Price,
    long Volume,
    decimal Open,
    decimal High,
    decimal Low,
    decimal? PreviousClose,
    long EventTime,
    long AsOf,
    string Source);
