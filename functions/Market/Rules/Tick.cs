namespace FinVault.Market.Rules;

/// <summary>A tick that was kept.</summary>
/// <param name="Seq">Its number among the symbol's accepted and late ticks, from 1.</param>
/// <param name="Price">Last traded price, in the exchange's currency.</param>
/// <param name="Volume">Cumulative volume of the day.</param>
/// <param name="EventTime">When the exchange says that it happened, microseconds since the Unix epoch, UTC.</param>
public readonly record struct Tick(long Seq, decimal Price, long Volume, long EventTime);

/// <summary>What became of a tick: the first rule that applies, in this order.</summary>
public enum TickOutcome
{
    Rejected,
    OutOfSession,
    Duplicate,
    TooLate,
    Late,
    Accepted,
}
