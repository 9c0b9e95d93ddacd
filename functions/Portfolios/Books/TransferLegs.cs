using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>
/// The second side of a transfer. Its first one stands, with the lots that it took, and the account that gave says that it
/// is unfinished; whoever comes next writes the second, under the same client id, so that it is there once. Where the other
/// account cannot take it any more, the first side is taken back. Each step may be done twice.
/// </summary>
public sealed class TransferLegs(PortfolioStore store, Bookkeeping books, FxRates rates, TimeProvider time)
{
    private const int MaxTries = 12;

    /// <param name="from">The account that gave.</param>
    /// <param name="id">The first side.</param>
    /// <param name="open">Reads an account of which everything but transfers is finished.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">unavailable.</exception>
    internal async Task CompleteAsync(
        string from, string id, Func<string, Task<Versioned<AccountDocument>>> open, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            if (await store.FindTransactionAsync(from, id, cancellationToken) is not { ReversedBy: null } given
                || await FindAsync(given, cancellationToken) is not null)
            {
                return;
            }

            if (await TryAsync(given, open, cancellationToken))
            {
                return;
            }
        }

        throw Problems.Unavailable.With("The accounts are being changed by others. Try again shortly.");
    }

    /// <summary>The second side of a transfer; null when it is not there.</summary>
    internal async Task<PortfolioTransaction?> FindAsync(PortfolioTransaction given, CancellationToken cancellationToken) =>
        await store.FindByClientIdAsync(given.Counterpart!, given.ClientId!, cancellationToken) is { } known
        && known.Kind == TransactionKind.TransferIn && known.Counterpart == given.Account ? known : null;

    /// <summary>The second side as the other account has it.</summary>
    /// <exception cref="ProblemException">fx_unavailable, transaction_refused.</exception>
    internal async Task<PortfolioTransaction> MakeAsync(
        PortfolioTransaction given, PortfolioAccount to, long sequence, CancellationToken cancellationToken)
    {
        FxQuote moved = await RateAsync(given, to, AccountReplay.DateOf(given), cancellationToken);
        List<TransferredLot> lots = [];
        foreach (TransferredLot lot in given.Lots)
        {
            DateOnly day = DateOnly.FromDateTime(lot.AcquiredAt.UtcDateTime);
            FxQuote then = await RateAsync(given, to, day, cancellationToken);
            lots.Add(lot with { AccountCost = Converted(lot.Cost, given, to, then) });
        }

        Converted(given.Amount, given, to, moved);
        DateTimeOffset now = time.GetUtcNow();
        return given with
        {
            Id = Ids.New(PortfolioTransaction.Prefix, now),
            Account = to.Id,
            Sequence = sequence,
            Kind = TransactionKind.TransferIn,
            RecordedAt = now,
            Fees = 0,
            FxRate = given.Currency == to.Currency ? 1 : moved.Rate,
            FxDate = given.Currency == to.Currency ? null : moved.Day,
            Picks = [],
            Lots = lots,
            Counterpart = given.Account,
        };
    }

    // False when others were faster: everything is read again.
    private async Task<bool> TryAsync(
        PortfolioTransaction given, Func<string, Task<Versioned<AccountDocument>>> open, CancellationToken cancellationToken)
    {
        Versioned<AccountDocument> now = await open(given.Counterpart!);
        PortfolioTransaction got;
        Booked booked;
        try
        {
            if (await store.FindByClientIdAsync(given.Counterpart!, given.ClientId!, cancellationToken) is not null)
            {
                throw Problems.ClientIdReused.With($"{given.ClientId} stands for another transaction there.");
            }

            got = await MakeAsync(given, now.Document.Data, now.Document.Sequence + 1, cancellationToken);
            booked = await books.BookAsync(now.Document, [got], [], cancellationToken);
        }
        catch (ProblemException refused)
        {
            return await TakeBackAsync(given, refused.Problem.Code, cancellationToken);
        }

        return booked.Refusal is { } refusal
            ? await TakeBackAsync(given, Booked.CodeOf(refusal), cancellationToken)
            : await store.CommitAsync(
                new(now, now.Document with { Sequence = now.Document.Sequence + 1, Cash = booked.Cash })
                {
                    Added = [got], Holdings = booked.Holdings,
                },
                cancellationToken);
    }

    private async Task<bool> TakeBackAsync(PortfolioTransaction given, string why, CancellationToken cancellationToken)
    {
        Versioned<AccountDocument> now = await store.FindAccountAsync(given.Account, cancellationToken)
            ?? throw AccountWork.Unknown();
        DateTimeOffset at = time.GetUtcNow();
        string id = Ids.New(PortfolioTransaction.Prefix, at);
        PortfolioTransaction reversal =
            Transactions.ReversalOf(given, id, now.Document.Sequence + 1, at) with { Note = $"Not taken: {why}" };
        PortfolioTransaction after = given with { ReversedBy = id };
        Booked booked = await books.BookAsync(now.Document, [reversal], [new(given, after)], cancellationToken);
        return booked.Refusal is { } refusal
            ? throw Booked.Refuse(refusal)
            : await store.CommitAsync(
                new(now, now.Document with { Sequence = now.Document.Sequence + 1, Cash = booked.Cash })
                {
                    Added = [reversal], Changed = [after], Holdings = booked.Holdings,
                },
                cancellationToken);
    }

    private async Task<FxQuote> RateAsync(
        PortfolioTransaction given, PortfolioAccount to, DateOnly day, CancellationToken cancellationToken) =>
        await rates.OnAsync(given.Currency, to.Currency, day, cancellationToken)
        ?? throw Problems.FxUnavailable.With(
            $"There is no rate from {given.Currency} to {to.Currency} on {day:yyyy-MM-dd} or shortly before.");

    private static long Converted(long amount, PortfolioTransaction given, PortfolioAccount to, FxQuote quote) =>
        given.Currency == to.Currency ? amount
        : MinorUnits.TryOf(MinorUnits.ToDecimal(amount, given.Currency) * quote.Rate, to.Currency)
            ?? throw Problems.TransactionRefused.With($"It is too much in {to.Currency}.");
}
