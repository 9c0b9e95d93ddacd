using System.Text;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// The second half of taking a transfer back. What it brought is taken back, and the account that got it says that it is
/// unfinished; whoever comes next takes back what it took, in the account that gave. Where that account cannot have it
/// back any more, what was brought is recorded anew. Each step may be done twice.
/// </summary>
public sealed class ReversalLegs(PortfolioStore store, Bookkeeping books, TimeProvider time)
{
    private const int MaxTries = 12;

    /// <param name="to">The account that got it.</param>
    /// <param name="order">Its subject is the side that is taken back there.</param>
    /// <param name="open">Reads an account of which everything but transfers is finished.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">unavailable.</exception>
    internal async Task CompleteAsync(
        string to, UnfinishedWork order, Func<string, Task<Versioned<AccountDocument>>> open,
        CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (await store.FindTransactionAsync(to, order.Subject, cancellationToken) is not { } got
                || await OtherAsync(got, cancellationToken) is not { ReversedBy: null } given
                || await store.FindTransactionAsync(to, AnewId(order), cancellationToken) is not null
                || await TryAsync(given, got, order, open, cancellationToken))
            {
                return;
            }
        }

        throw Problems.Unavailable.With("The accounts are being changed by others. Try again shortly.");
    }

    /// <summary>The other side of a transfer between accounts; null for what is no such side.</summary>
    internal async Task<PortfolioTransaction?> OtherAsync(PortfolioTransaction side, CancellationToken cancellationToken)
    {
        TransactionKind? kind = side.Kind switch
        {
            TransactionKind.TransferIn => TransactionKind.TransferOut,
            TransactionKind.TransferOut => TransactionKind.TransferIn,
            _ => null,
        };
        return side is { Counterpart: { } account, ClientId: { } id } && kind is not null
            && await store.FindByClientIdAsync(account, id, cancellationToken) is { } other
            && other.Kind == kind && other.Counterpart == side.Account ? other : null;
    }

    /// <summary>What taking a side back makes of its account.</summary>
    internal async Task<(AccountChange? Change, LotRefusal? Refusal)> ReverseAsync(
        Versioned<AccountDocument> now, PortfolioTransaction side, string? note, CancellationToken cancellationToken)
    {
        DateTimeOffset at = time.GetUtcNow();
        string id = Ids.New(PortfolioTransaction.Prefix, at);
        PortfolioTransaction reversal =
            Transactions.ReversalOf(side, id, now.Document.Sequence + 1, at) with { Note = note };
        PortfolioTransaction after = side with { ReversedBy = id };
        Booked booked = await books.BookAsync(now.Document, [reversal], [new(side, after)], cancellationToken);
        AccountDocument head = now.Document with { Sequence = now.Document.Sequence + 1, Cash = booked.Cash };
        return booked.Refusal is { } refusal
            ? (null, refusal)
            : (new(now, head) { Added = [reversal], Changed = [after], Holdings = booked.Holdings }, null);
    }

    // False when others were faster: everything is read again.
    private async Task<bool> TryAsync(
        PortfolioTransaction given, PortfolioTransaction got, UnfinishedWork order,
        Func<string, Task<Versioned<AccountDocument>>> open, CancellationToken cancellationToken)
    {
        Versioned<AccountDocument> giver = await open(given.Account);
        // As it is now that its account is read: whoever takes it back meanwhile has the account changed, too.
        if (await store.FindTransactionAsync(given.Account, given.Id, cancellationToken) is not { ReversedBy: null } side)
        {
            return true;
        }

        string? note = got.ReversedBy is { } by
            ? (await store.FindTransactionAsync(got.Account, by, cancellationToken))?.Note
            : null;
        (AccountChange? change, LotRefusal? refusal) = await ReverseAsync(giver, side, note, cancellationToken);
        return change is not null
            ? await store.CommitAsync(change, cancellationToken)
            : await AnewAsync(got, order, Booked.CodeOf(refusal!), cancellationToken);
    }

    /// <summary>The side that was taken back, once more, so that both accounts say the same.</summary>
    private async Task<bool> AnewAsync(
        PortfolioTransaction got, UnfinishedWork order, string why, CancellationToken cancellationToken)
    {
        Versioned<AccountDocument> now = await store.FindAccountAsync(got.Account, cancellationToken)
            ?? throw AccountWork.Unknown();
        PortfolioTransaction anew = got with
        {
            Id = AnewId(order), Sequence = now.Document.Sequence + 1, RecordedAt = time.GetUtcNow(), ReversedBy = null,
            ClientId = null, Note = $"Not taken back there: {why}",
        };
        Booked booked = await books.BookAsync(now.Document, [anew], [], cancellationToken);
        return booked.Refusal is { } refusal
            ? throw Booked.Refuse(refusal)
            : await store.CommitAsync(
                new(now, now.Document with { Sequence = now.Document.Sequence + 1, Cash = booked.Cash })
                {
                    Added = [anew], Holdings = booked.Holdings,
                },
                cancellationToken);
    }

    private static string AnewId(UnfinishedWork order) => Ids.Derive(
        PortfolioTransaction.Prefix, order.At, Encoding.UTF8.GetBytes($"anew:{order.Subject}"));
}
