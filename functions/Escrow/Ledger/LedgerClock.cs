namespace FinVault.Escrow;

/// <summary>The ledger's clock: UTC in whole milliseconds, which JSON and queries keep exactly.</summary>
internal static class LedgerClock
{
    public static DateTimeOffset Now(TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
