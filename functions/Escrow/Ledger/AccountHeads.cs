using System.Collections.Concurrent;

namespace FinVault.Escrow;

/// <summary>
/// The heads of journals as this process last wrote or read them. Nothing rests on their being right: every write
/// holds only for the head that it was chained to, and nobody is refused by a remembered one.
/// </summary>
internal sealed class AccountHeads
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, LedgerAccount> _heads = new();

    public LedgerAccount? Find(string account) => _heads.GetValueOrDefault(account);

    public void Keep(LedgerAccount head)
    {
        // They cost a read each to have again; which of them go does not matter.
        if (_heads.Count >= Most)
        {
            _heads.Clear();
        }

        _heads[head.Account] = head;
    }

    public void Forget(string account) => _heads.TryRemove(account, out _);
}
