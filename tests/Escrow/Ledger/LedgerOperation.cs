using FinVault.Escrow;

namespace FinVault.Tests.Escrow.Ledger;

/// <summary>Something that is asked of the ledger, and what its model says to it.</summary>
internal static class LedgerOperation
{
    private static readonly TimeSpan HoldFor = TimeSpan.FromMinutes(10);

    /// <summary>Draws an operation on a transfer and has the model do it.</summary>
    public static (string Id, TransferCode Expected, Func<FinVault.Escrow.Ledger, Task<TransferResult>> Call) Draw(
        Random random, string id, LedgerModel model, DateTimeOffset now)
    {
        string[] accounts = [.. model.Balances.Keys];
        string from = accounts[random.Next(4)];
        string to = accounts.Where(account => account != from).ElementAt(random.Next(3));
        long amount = random.Next(1, 60);
        long? part = random.Next(2) == 0 ? null : random.Next(1, 60);
        TransferRequest request = new(id, from, to, amount, "INR");
        return random.Next(8) switch
        {
            0 or 1 => (id, model.Begin(id, from, to, amount, null), l => l.TransferAsync(request, default)),
            2 or 3 => (id, model.Begin(id, from, to, amount, now + HoldFor), l => l.HoldAsync(request, HoldFor, default)),
            4 => (id, model.Decide(id, TransferEvent.Post, part, now), l => l.PostAsync(id, part, default)),
            5 => (id, model.Decide(id, TransferEvent.Void, null, now), l => l.VoidAsync(id, default)),
            6 => (id, model.Decide(id, TransferEvent.Expire, null, now), l => l.ExpireAsync(id, default)),
            _ => (id, model.Reverse(id), l => l.ReverseAsync(id, "", default)),
        };
    }
}
