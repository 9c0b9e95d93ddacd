using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Lets pending transactions count when their time has come, each once, at the rate of its day.</summary>
public sealed class DueTransactions(
    AccountWork work, PortfolioStore store, Bookkeeping books, Transactions transactions, UnfinishedWorks unfinished,
    TimeProvider time)
{
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (string account in await store.AccountsWithDueAsync(now, cancellationToken))
        {
            foreach (PortfolioTransaction due in await store.DueAsync(account, now, cancellationToken))
            {
                await work.ChangeAsync(
                    account, async head => await ChangeAsync(head, due.Id, cancellationToken), cancellationToken);
            }
        }

        await unfinished.FinishAllAsync(cancellationToken);
    }

    // One that does not fit stays pending and says why, so that it is not tried for ever.
    private async Task<AccountChange?> ChangeAsync(
        Versioned<AccountDocument> head, string id, CancellationToken cancellationToken)
    {
        PortfolioTransaction? due = await store.FindTransactionAsync(head.Document.Account, id, cancellationToken);
        if (due is not { Status: TransactionStatus.Pending, ReversedBy: null, Refusal: null })
        {
            return null;
        }

        PortfolioTransaction rated;
        try
        {
            rated = await transactions.RateAsync(due, head.Document.Data, cancellationToken);
        }
        catch (ProblemException refused)
        {
            return new(head, head.Document) { Changed = [due with { Refusal = refused.Problem.Code }] };
        }

        PortfolioTransaction done = rated with { Status = TransactionStatus.Completed };
        Booked booked = await books.BookAsync(head.Document, [], [new(due, done)], cancellationToken);
        return booked.Refusal is { } refusal
            ? new(head, head.Document) { Changed = [due with { Refusal = Booked.CodeOf(refusal) }] }
            : new(head, head.Document with { Cash = booked.Cash }) { Changed = [done], Holdings = booked.Holdings };
    }
}
