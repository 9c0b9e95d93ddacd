namespace FinVault.Market.Rules;

/// <summary>Why a tick is not kept, as written into its dead letter.</summary>
public static class TickFaults
{
    public const string Json = "invalidJson";
    public const string Symbol = "invalidSymbol";
    public const string Price = "invalidPrice";
    public const string Volume = "invalidVolume";
    public const string EventTime = "invalidEventTime";
    public const string ShardFull = "tooManySymbols";
    public const string OutOfSession = "outOfSession";
    public const string TooLate = "tooLate";
}
