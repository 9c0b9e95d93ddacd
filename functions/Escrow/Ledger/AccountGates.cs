namespace FinVault.Escrow;

/// <summary>
/// Lets the steps of one account queue up within a process instead of failing each other's conditions. Correctness does
/// not rest on it: the condition on the head decides, also between processes.
/// </summary>
internal sealed class AccountGates
{
    private const int Count = 256;

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1))];

    public async Task<IDisposable> EnterAsync(string account, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = _gates[(uint)string.GetHashCode(account, StringComparison.Ordinal) % Count];
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}

/// <summary>The ledger's clock: UTC in whole milliseconds, which JSON and queries keep exactly.</summary>
internal static class LedgerClock
{
    public static DateTimeOffset Now(TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
