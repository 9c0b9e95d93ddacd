using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// Takes transfers between accounts back, both sides or none. The accounts are partitions of their own, so it is two
/// commits: first what was brought, which somebody may have sold meanwhile, with an order for the rest
/// (<see cref="ReversalLegs"/>), after both were tried. It ends the same after a crash in between.
/// </summary>
public sealed class TransferReversals(
    AccountWork work, PortfolioStore store, ReversalLegs legs, UnfinishedWorks unfinished, TimeProvider time)
{
    /// <summary>Takes back the transfer that a transaction is a side of; null when it is to be taken back by itself.</summary>
    /// <returns>The reversal of the side that was asked for.</returns>
    /// <exception cref="ProblemException">transaction_refused: one of the accounts cannot do without it.</exception>
    internal async Task<PortfolioTransaction?> ReverseAsync(
        CurrentUser user, PortfolioTransaction asked, string? reason, CancellationToken cancellationToken)
    {
        // What is half done, of this account's or of the other's, is done first.
        await unfinished.FinishAsync(asked.Account, cancellationToken);
        if (await legs.OtherAsync(asked, cancellationToken) is not { } found
            || await store.FindAccountAsync(found.Account, cancellationToken) is not { Document.Data: var owned }
            || !AccountWork.IsOf(user, owned))
        {
            return null;
        }

        await unfinished.FinishAsync(found.Account, cancellationToken);
        PortfolioTransaction mine = await AsItIsAsync(asked, cancellationToken);
        PortfolioTransaction other = await AsItIsAsync(found, cancellationToken);
        if (mine.ReversedBy is null && other.ReversedBy is null)
        {
            bool isIn = mine.Kind == TransactionKind.TransferIn;
            await BothAsync(isIn ? mine : other, isIn ? other : mine, reason, cancellationToken);
            mine = await AsItIsAsync(asked, cancellationToken);
            other = await AsItIsAsync(found, cancellationToken);
            if (mine.ReversedBy is null || other.ReversedBy is null)
            {
                throw Problems.TransactionRefused.With("The account that gave could not have it back; nothing was changed.");
            }
        }

        // One that was taken back alone, before both were, has only the other side left.
        return mine.ReversedBy is { } by ? await store.FindTransactionAsync(mine.Account, by, cancellationToken) : null;
    }

    private async Task BothAsync(
        PortfolioTransaction got, PortfolioTransaction given, string? reason, CancellationToken cancellationToken)
    {
        await work.ChangeAsync(got.Account, async now =>
        {
            if (await AsItIsAsync(got, cancellationToken) is not { ReversedBy: null } side)
            {
                return null;
            }

            Versioned<AccountDocument> giver = await store.FindAccountAsync(given.Account, cancellationToken)
                ?? throw AccountWork.Unknown();
            await ReverseAsync(giver, given, reason, cancellationToken);
            AccountChange change = await ReverseAsync(now, side, reason, cancellationToken);
            UnfinishedWork rest = new(UnfinishedKind.ReverseTransfer, got.Id, 0, time.GetUtcNow());
            return change with { After = change.After with { Unfinished = [.. change.After.Unfinished, rest] } };
        }, cancellationToken);
        // The order for the other side stands; this is only to have it done now.
        await unfinished.FinishAsync(got.Account, cancellationToken);
    }

    private async Task<AccountChange> ReverseAsync(
        Versioned<AccountDocument> now, PortfolioTransaction side, string? reason, CancellationToken cancellationToken)
    {
        (AccountChange? change, LotRefusal? refusal) = await legs.ReverseAsync(now, side, reason, cancellationToken);
        return change ?? throw Booked.Refuse(refusal!);
    }

    private async Task<PortfolioTransaction> AsItIsAsync(PortfolioTransaction side, CancellationToken cancellationToken) =>
        await store.FindTransactionAsync(side.Account, side.Id, cancellationToken) ?? side;
}
