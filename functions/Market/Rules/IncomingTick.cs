namespace FinVault.Market.Rules;

/// <summary>A tick as a feed sent it, parsed, or the reason why it could not be.</summary>
/// <param name="Symbol">The symbol; empty when it could not be read.</param>
/// <param name="Price">A finite number above 0.</param>
/// <param name="Volume">Cumulative volume of the day, 0 or more.</param>
/// <param name="EventTime">Microseconds since the Unix epoch, UTC.</param>
/// <param name="Fault">Why it was rejected; null when it was parsed.</param>
/// <param name="Raw">The bytes that it was read from, for the dead letter.</param>
public readonly record struct IncomingTick(
    string Symbol, decimal Price, long Volume, long EventTime, string? Fault, ReadOnlyMemory<byte> Raw);
