using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// Transfers between accounts of one owner in one call. The accounts are partitions of their own, so the two sides are
/// two commits: the first with an order for the second (<see cref="TransferLegs"/>), after both were tried. What is sent
/// again with its client id, also after a crash in between, ends as the same two sides.
/// </summary>
public sealed class Transfers(
    AccountWork work, PortfolioStore store, Bookkeeping books, Transactions transactions, TransferLegs legs,
    UnfinishedWorks unfinished, TimeProvider time)
{
    /// <exception cref="ProblemException">
    /// unknown_portfolio, invalid_transaction, transaction_refused, fx_unavailable, client_id_reused.
    /// </exception>
    public async Task<TransferView> MoveAsync(
        CurrentUser user, string from, TransferRequest wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        AccountDocument giver = (await work.OpenAsync(user, from, cancellationToken)).Document;
        await work.OpenAsync(user, wanted.To, cancellationToken);
        TransactionRequest request = Checked(from, wanted, await CurrencyAsync(giver, wanted, cancellationToken));
        PortfolioTransaction? given = null;
        await work.ChangeAsync(from, async now =>
        {
            given = await store.FindByClientIdAsync(from, wanted.ClientId, cancellationToken);
            if (given is not null)
            {
                RefuseOther(given, request);
                return null;
            }

            AccountChange change = await ChangeAsync(now, request, cancellationToken);
            given = change.Added[0];
            return change;
        }, cancellationToken);
        // The order for the second side stands; this is only to have it done now.
        await unfinished.FinishAsync(from, cancellationToken);
        given = (await store.FindTransactionAsync(from, given!.Id, cancellationToken))!;
        return await legs.FindAsync(given, cancellationToken) is { } got && given.ReversedBy is null
            ? new(given, got)
            : throw Problems.TransactionRefused.With("The other account did not take it; it was taken back.");
    }

    /// <summary>The first side with the lots that it takes, if the other account can take them.</summary>
    private async Task<AccountChange> ChangeAsync(
        Versioned<AccountDocument> now, TransactionRequest request, CancellationToken cancellationToken)
    {
        AccountDocument head = now.Document;
        PortfolioTransaction given = await transactions.MakeAsync(head.Data, request, head.Sequence + 1, cancellationToken);
        Booked booked = await books.BookAsync(head, [given], [], cancellationToken);
        if (booked.Refusal is { } refusal)
        {
            throw Booked.Refuse(refusal);
        }

        given = given with
        {
            Lots =
            [
                .. booked.Carried.GetValueOrDefault(given.Id, []).Select(lot =>
                    new TransferredLot(lot.AcquiredAt, lot.Quantity, lot.Cost.Trade, lot.Cost.Account)),
            ],
        };
        await TryOtherAsync(given, cancellationToken);
        UnfinishedWork rest = new(UnfinishedKind.CompleteTransfer, given.Id, 0, time.GetUtcNow());
        return new(now, head with
        {
            Sequence = head.Sequence + 1, Cash = booked.Cash, Unfinished = [.. head.Unfinished, rest],
        })
        {
            Added = [given], Holdings = booked.Holdings,
        };
    }

    private async Task TryOtherAsync(PortfolioTransaction given, CancellationToken cancellationToken)
    {
        Versioned<AccountDocument> other = await store.FindAccountAsync(given.Counterpart!, cancellationToken)
            ?? throw AccountWork.Unknown();
        if (await store.FindByClientIdAsync(given.Counterpart!, given.ClientId!, cancellationToken) is not null)
        {
            throw Problems.ClientIdReused.With($"{given.ClientId} stands for another transaction there.");
        }

        PortfolioTransaction got = await legs.MakeAsync(
            given, other.Document.Data, other.Document.Sequence + 1, cancellationToken);
        if ((await books.BookAsync(other.Document, [got], [], cancellationToken)).Refusal is { } refusal)
        {
            throw Booked.Refuse(refusal);
        }
    }

    private async Task<string?> CurrencyAsync(
        AccountDocument giver, TransferRequest wanted, CancellationToken cancellationToken) =>
        wanted.Currency is not null || !TransactionRules.IsSymbol(wanted.Symbol)
            ? wanted.Currency
            : (await store.FindHoldingAsync(giver, wanted.Symbol!, cancellationToken))?.Position.Currency
                ?? giver.Data.Currency;

    private TransactionRequest Checked(string from, TransferRequest wanted, string? currency)
    {
        TransactionRequest request = new(TransactionKind.TransferOut, currency ?? "", wanted.TradedAt)
        {
            ClientId = wanted.ClientId, Symbol = wanted.Symbol, Quantity = wanted.Quantity, Picks = wanted.Picks,
            Amount = wanted.Amount, Fees = wanted.Fees, Note = wanted.Note, Counterpart = wanted.To,
        };
        TransactionFault? fault = wanted.To == from ? new("invalid_counterpart", "An account gives nothing to itself.")
            : wanted.TradedAt > time.GetUtcNow() ? new("invalid_date", "A transfer is not recorded before it is made.")
            : wanted is { Symbol: not null, Amount: not null and not 0 }
                ? new("invalid_amount", "amount is of money; units go with what their lots cost.")
            : TransactionRules.Check(request, isPending: false);
        return fault is null ? request : throw Transactions.Invalid(fault, 0);
    }

    private static void RefuseOther(PortfolioTransaction known, TransactionRequest request)
    {
        bool isSame = known.Kind == TransactionKind.TransferOut && known.Counterpart == request.Counterpart
            && Transactions.Tells(request, known);
        if (!isSame)
        {
            throw Problems.ClientIdReused.With($"{request.ClientId} stands for another transaction.");
        }
    }
}
