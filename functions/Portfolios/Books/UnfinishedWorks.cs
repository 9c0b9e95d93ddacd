using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// Writes out what a commit has decided but could not hold in its one batch. Done by whoever decided it, and after a
/// crash by whoever next changes the account, or by the clock; every step may be done twice.
/// </summary>
public sealed class UnfinishedWorks(
    PortfolioStore store, ImportStore imports, RebalanceStore plans, TransferLegs transfers, ReversalLegs reversals)
{
    /// <summary>The account without unfinished work.</summary>
    /// <exception cref="ProblemException">unknown_portfolio.</exception>
    internal Task<Versioned<AccountDocument>> FinishAsync(string account, CancellationToken cancellationToken) =>
        FinishAsync(account, _ => true, cancellationToken);

    /// <summary>All accounts that somebody has left unfinished; one that cannot be finished keeps no other from it.</summary>
    internal async Task FinishAllAsync(CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        foreach (string account in await store.UnfinishedAsync(cancellationToken))
        {
            try
            {
                await FinishAsync(account, cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private async Task<Versioned<AccountDocument>> FinishAsync(
        string account, Func<UnfinishedWork, bool> isWanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Versioned<AccountDocument> now = await store.FindAccountAsync(account, cancellationToken)
                ?? throw AccountWork.Unknown();
            if (now.Document.Unfinished.FirstOrDefault(isWanted) is not { } first)
            {
                return now;
            }

            await WriteAsync(account, first, cancellationToken);
            UnfinishedWork[] rest = [.. now.Document.Unfinished.Where(one => one != first)];
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
            case UnfinishedKind.CompleteTransfer:
                // Two accounts that give to each other would wait for each other: what the other one gives is no matter.
                await transfers.CompleteAsync(account, work.Subject, OpenAsync, cancellationToken);
                break;
            case UnfinishedKind.ReverseTransfer:
                await reversals.CompleteAsync(account, work, OpenAsync, cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"Nobody finishes {work.Kind}.");
        }

        Task<Versioned<AccountDocument>> OpenAsync(string other) => FinishAsync(
            other, one => one.Kind is not (UnfinishedKind.CompleteTransfer or UnfinishedKind.ReverseTransfer),
            cancellationToken);
    }
}
