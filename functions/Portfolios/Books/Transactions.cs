using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Records what happened in an account, all of a call or none of it, and takes it back.</summary>
public sealed class Transactions(
    AccountWork work, PortfolioStore store, Bookkeeping books, FxRates rates, TransferReversals transfers, TimeProvider time)
{
    /// <summary>A batch of the store holds so many with their holdings and callers' ids.</summary>
    public const int MaxTogether = 30;

    /// <summary>Records transactions; those whose client ids are known already are answered as they are.</summary>
    /// <exception cref="ProblemException">
    /// unknown_portfolio, invalid_transaction, fx_unavailable, transaction_refused, client_id_reused.
    /// </exception>
    public async Task<IReadOnlyList<PortfolioTransaction>> RecordAsync(
        CurrentUser user, string account, IReadOnlyList<TransactionRequest> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        await work.OpenAsync(user, account, cancellationToken);
        Check(requests);
        PortfolioTransaction[] recorded = [];
        await work.ChangeAsync(account, async now =>
        {
            PortfolioTransaction?[] known = await KnownAsync(account, requests, cancellationToken);
            List<PortfolioTransaction> added = [];
            recorded = new PortfolioTransaction[requests.Count];
            for (int i = 0; i < requests.Count; i++)
            {
                recorded[i] = known[i] ?? await MakeAsync(
                    now.Document.Data, requests[i], now.Document.Sequence + added.Count + 1, cancellationToken);
                if (known[i] is null)
                {
                    added.Add(recorded[i]);
                }
            }

            return added.Count == 0 ? null : await ChangeOfAsync(now, added, [], cancellationToken);
        }, cancellationToken);
        return recorded;
    }

    /// <summary>
    /// Takes a transaction back: it stays, and a reversal of it is recorded; neither counts. Said again, it is done. Of a
    /// transfer between accounts both sides are taken back, or none.
    /// </summary>
    /// <returns>The reversal.</returns>
    /// <exception cref="ProblemException">
    /// unknown_portfolio, unknown_transaction, transaction_refused (something later leans on it), not_reversible.
    /// </exception>
    public async Task<PortfolioTransaction> ReverseAsync(
        CurrentUser user, string account, string id, string? reason, CancellationToken cancellationToken)
    {
        await work.OpenAsync(user, account, cancellationToken);
        PortfolioTransaction? reversal =
            await store.FindTransactionAsync(account, id, cancellationToken) is { Counterpart: not null, Reverses: null } side
                ? await transfers.ReverseAsync(user, side, reason, cancellationToken)
                : null;
        if (reversal is not null)
        {
            return reversal;
        }

        await work.ChangeAsync(account, async now =>
        {
            PortfolioTransaction found = await store.FindTransactionAsync(account, id, cancellationToken)
                ?? throw Problems.UnknownTransaction.With("The account has no such transaction.");
            if (found.ReversedBy is { } by)
            {
                reversal = await store.FindTransactionAsync(account, by, cancellationToken);
                return null;
            }

            RefuseIrreversible(found);
            string reversalId = Ids.New(PortfolioTransaction.Prefix, time);
            reversal = ReversalOf(found, reversalId, now.Document.Sequence + 1, time.GetUtcNow()) with { Note = reason };
            return await ChangeOfAsync(
                now, [reversal], [new(found, found with { ReversedBy = reversalId })], cancellationToken);
        }, cancellationToken);
        return reversal!;
    }

    internal static PortfolioTransaction ReversalOf(
        PortfolioTransaction original, string id, long sequence, DateTimeOffset now) => original with
        {
            Id = id,
            Sequence = sequence,
            Status = TransactionStatus.Completed,
            RecordedAt = now,
            Reverses = original.Id,
            ReversedBy = null,
            ClientId = null,
            Note = null,
        };

    /// <summary>A transaction from what its owner tells, at the rate of its day.</summary>
    internal async Task<PortfolioTransaction> MakeAsync(
        PortfolioAccount account, TransactionRequest request, long sequence, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(request.TradedAt.ToUnixTimeMilliseconds());
        DateOnly day = DateOnly.FromDateTime(at.UtcDateTime);
        PortfolioTransaction made = new(
            Ids.New(PortfolioTransaction.Prefix, now), account.Id, sequence, request.Kind,
            at > now ? TransactionStatus.Pending : TransactionStatus.Completed, request.Currency, at, now)
        {
            Symbol = request.Symbol,
            Exchange = request.Exchange,
            Quantity = request.Quantity,
            Price = request.Price,
            Amount = TransactionRules.AmountOf(request)!.Value,
            Fees = request.Fees,
            Ratio = request.Ratio,
            SettlesOn = request.SettlesOn ?? day,
            Picks = request.Picks ?? [],
            Counterpart = request.Counterpart,
            Lots = await CarriedAsync(request, account, cancellationToken),
            ClientId = request.ClientId,
            Note = request.Note,
        };
        // What is still to come gets its rate when it has come.
        return made.Status == TransactionStatus.Pending ? made : await RateAsync(made, account, cancellationToken);
    }

    // What a lot cost in the account's currency is told by the rate of the day on which it was bought.
    private async Task<IReadOnlyList<TransferredLot>> CarriedAsync(
        TransactionRequest request, PortfolioAccount account, CancellationToken cancellationToken)
    {
        List<TransferredLot> lots = [];
        foreach (CarriedLot lot in request.Lots ?? [])
        {
            DateOnly day = DateOnly.FromDateTime(lot.AcquiredAt.UtcDateTime);
            FxQuote quote = await rates.OnAsync(request.Currency, account.Currency, day, cancellationToken)
                ?? throw NoRate(request.Currency, account.Currency, day);
            decimal cost = MinorUnits.ToDecimal(lot.Cost, request.Currency) * quote.Rate;
            lots.Add(new(
                lot.AcquiredAt, lot.Quantity, lot.Cost,
                MinorUnits.TryOf(cost, account.Currency)
                    ?? throw Invalid(new("invalid_lots", $"A lot cost too much in {account.Currency}."), 0)));
        }

        return lots;
    }

    private static ProblemException NoRate(string from, string to, DateOnly day) => Problems.FxUnavailable.With(
        $"There is no rate from {from} to {to} on {day:yyyy-MM-dd} or shortly before.");

    /// <summary>The transaction with the rate of its day into the account's currency.</summary>
    /// <exception cref="ProblemException">fx_unavailable, invalid_transaction.</exception>
    internal async Task<PortfolioTransaction> RateAsync(
        PortfolioTransaction made, PortfolioAccount account, CancellationToken cancellationToken)
    {
        if (made.Currency == account.Currency)
        {
            return made;
        }

        DateOnly day = DateOnly.FromDateTime(made.TradedAt.UtcDateTime);
        FxQuote quote = await rates.OnAsync(made.Currency, account.Currency, day, cancellationToken)
            ?? throw NoRate(made.Currency, account.Currency, day);
        decimal worth = MinorUnits.ToDecimal(made.Amount + made.Fees, made.Currency) * quote.Rate;
        return MinorUnits.TryOf(worth, account.Currency) is null
            ? throw Invalid(new("invalid_amount", $"It is too much in {account.Currency}."), 0)
            : made with { FxRate = quote.Rate, FxDate = quote.Day };
    }

    internal static ProblemException Invalid(TransactionFault fault, int index) => Problems.InvalidTransaction.With(
        fault.Detail, new Dictionary<string, object?> { ["reason"] = fault.Code, ["index"] = index });

    private async Task<AccountChange> ChangeOfAsync(
        Versioned<AccountDocument> now, List<PortfolioTransaction> added, List<Amended> amended,
        CancellationToken cancellationToken)
    {
        Booked booked = await books.BookAsync(now.Document, added, amended, cancellationToken);
        return booked.Refusal is { } refusal
            ? throw Booked.Refuse(refusal)
            : new(now, now.Document with { Sequence = now.Document.Sequence + added.Count, Cash = booked.Cash })
            {
                Added = added,
                Changed = [.. amended.Select(a => a.After)],
                Holdings = booked.Holdings,
            };
    }

    private void Check(IReadOnlyList<TransactionRequest> requests)
    {
        if (requests.Count is 0 or > MaxTogether)
        {
            throw Problems.InvalidRequest.With($"A call records 1 to {MaxTogether} transactions; import more.");
        }

        DateTimeOffset now = time.GetUtcNow();
        for (int i = 0; i < requests.Count; i++)
        {
            if (TransactionRules.Check(requests[i], requests[i].TradedAt > now) is { } fault)
            {
                throw Invalid(fault, i);
            }
        }

        if (requests.Select(r => r.ClientId).OfType<string>().GroupBy(id => id).Any(same => same.Count() > 1))
        {
            throw Problems.InvalidRequest.With("A clientId is there twice.");
        }
    }

    private async Task<PortfolioTransaction?[]> KnownAsync(
        string account, IReadOnlyList<TransactionRequest> requests, CancellationToken cancellationToken)
    {
        PortfolioTransaction?[] known = new PortfolioTransaction?[requests.Count];
        for (int i = 0; i < known.Length; i++)
        {
            TransactionRequest request = requests[i];
            known[i] = request.ClientId is { } id
                ? await store.FindByClientIdAsync(account, id, cancellationToken)
                : null;
            if (known[i] is { } same && !Tells(request, same))
            {
                throw Problems.ClientIdReused.With($"{request.ClientId} stands for another transaction.");
            }
        }

        return known;
    }

    internal static bool Tells(TransactionRequest request, PortfolioTransaction known) =>
        (request.Kind, request.Symbol, request.Quantity, request.Price, request.Currency, request.Fees, request.Ratio)
            == (known.Kind, known.Symbol, known.Quantity, known.Price, known.Currency, known.Fees, known.Ratio)
        && TransactionRules.AmountOf(request) == known.Amount
        && request.TradedAt.ToUnixTimeMilliseconds() == known.TradedAt.ToUnixTimeMilliseconds();

    private static void RefuseIrreversible(PortfolioTransaction found)
    {
        if (found.Reverses is not null)
        {
            throw Problems.NotReversible.With("A reversal is not taken back; record the transaction anew.");
        }
    }
}
