namespace FinVault.Benchmarks.Portfolios;

internal sealed record PortfolioReady(Uri Address, string Token);

/// <summary>What the store was asked of accounts and boards.</summary>
/// <param name="Reads">Point reads and queries of accounts.</param>
/// <param name="BoardReads">Those of boards, which are cached for a second for everybody.</param>
/// <param name="Writes">Of accounts; a batch is one.</param>
/// <param name="Units">Request units of accounts.</param>
internal sealed record StoreUse(long Reads, long BoardReads, long Writes, double Units)
{
    public static StoreUse operator -(StoreUse after, StoreUse before) => new(
        after.Reads - before.Reads, after.BoardReads - before.BoardReads, after.Writes - before.Writes,
        after.Units - before.Units);
}

/// <summary>A night's rebalancing.</summary>
internal sealed record NightSeen(int Accounts, double Seconds, double CpuSeconds, StoreUse Store);

/// <summary>How long requests of a kind took, and what each asked of the store.</summary>
internal sealed record RouteSeen(double[] Milliseconds, StoreUse Store)
{
    private const double P95Share = 0.95;

    public double P50 => Milliseconds[Milliseconds.Length / 2];

    public double P95 => Milliseconds[(int)(P95Share * (Milliseconds.Length - 1))];

    public double Each(Func<StoreUse, double> figure) => figure(Store) / Milliseconds.Length;
}

/// <summary>Symbols that trade around the clock.</summary>
internal static class PortfolioNames
{
    /// <summary>So many of them, the first ones, have years of daily closes.</summary>
    public const int WithPast = 10;

    public static string Of(int number) => FormattableString.Invariant($"TEST-P{number:D3}");
}
