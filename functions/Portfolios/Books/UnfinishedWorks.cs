using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// Writes out what a commit has decided but could not hold in its one batch. Done by whoever decided it, and after a
/// crash by whoever next changes the account, or by the clock; every step may be done twice.
/// </summary>
public sealed class UnfinishedWorks(PortfolioStore store, ImportStore imports, RebalanceStore plans)
{
    /// <summary>The account without unfinished work.</summary>
    /// <exception cref="ProblemException">unknown_portfolio.</exception>
    internal async Task<Versioned<AccountDocument>> FinishAsync(string account, CancellationToken cancellationToken)
    {
        while (true)
        {
            Versioned<AccountDocument> now = await store.FindAccountAsync(account, cancellationToken)
                ?? throw AccountWork.Unknown();
            if (now.Document.Unfinished.Count == 0)
            {
                return now;
            }

            await WriteAsync(account, now.Document.Unfinished[0], cancellationToken);
            UnfinishedWork[] rest = [.. now.Document.Unfinished.Skip(1)];
            await store.CommitAsync(new(now, now.Document with { Unfinished = rest }), cancellationToken);
        }
    }

    private async Task WriteAsync(string account, UnfinishedWork work, CancellationToken cancellationToken)
    {
        switch (work.Kind)
        {
            case UnfinishedKind.CompleteImport:
                await imports.CompleteAsync(account, work.Subject, work.At, cancellationToken);
                break;
            case UnfinishedKind.UndoImport:
                await imports.ReverseAsync(account, work.Subject, work.Sequence, work.At, cancellationToken);
                break;
            case UnfinishedKind.RecordOrders:
                await plans.WriteOrdersAsync(account, work.Subject, work.Sequence, work.At, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"Nobody finishes {work.Kind}.");
        }
    }
}
