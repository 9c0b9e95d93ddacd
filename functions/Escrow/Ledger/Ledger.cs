using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>
/// Double-entry book of all money. Transfers go <c>Pending → Posted | Voided | Expired</c>, or are posted at once.
/// <para>
/// A transfer takes up to four writes, each one transaction or idempotent: the claim of its id; the payer's entry with
/// the balance and the transfer's record; the receiver's entry with the balance; the record's last state. Whoever dies
/// in between leaves a state that the same call, or <see cref="RecoverAsync"/>, completes: once the record is
/// <see cref="TransferState.Posting"/> nothing can stop the credit, and until then nothing has moved.
/// </para>
/// <para>
/// Refusals are results. Exceptions mean that the store did not answer or an invariant is broken; after the former,
/// call again with the same id. Two-phase transfers are those of TigerBeetle (docs/coding/two-phase-transfers.md).
/// </para>
/// </summary>
public sealed class Ledger
{
    private readonly LedgerStore _store;
    private readonly LedgerBooks _books;
    private readonly TimeProvider _time;

    internal Ledger(LedgerStore store, LedgerBooks books, TimeProvider time) =>
        (_store, _books, _time) = (store, books, time);

    /// <summary>
    /// Raised in this process with an account whose balance has, or may have, changed; for what is kept of it elsewhere.
    /// </summary>
    public event Action<string>? Changed
    {
        add => _store.Changed += value;
        remove => _store.Changed -= value;
    }

    /// <summary>The longest that a hold lasts.</summary>
    public static TimeSpan MaxHold { get; } = TimeSpan.FromDays(400);

    /// <summary>Opens an account, once.</summary>
    public async Task<AccountCode> OpenAccountAsync(
        string account, AccountKind kind, string currency, CancellationToken cancellationToken)
    {
        if (!TransferRequest.IsId(account) || !Currencies.Exists(currency))
        {
            return TransferRequest.IsId(account) ? AccountCode.UnknownCurrency : AccountCode.InvalidId;
        }

        LedgerAccount opened = LedgerAccount.Open(account, kind, currency, LedgerClock.Now(_time));
        if (await _store.CreateAccountAsync(opened, cancellationToken))
        {
            return AccountCode.Created;
        }

        LedgerAccount? there = await _store.FindAccountAsync(account, cancellationToken);
        bool same = there?.Kind == kind && there.Currency == currency;
        return same ? AccountCode.AlreadyDone : AccountCode.DifferentContent;
    }

    /// <summary>The account as it is, or null.</summary>
    public Task<LedgerAccount?> FindAccountAsync(string account, CancellationToken cancellationToken) =>
        _store.FindAccountAsync(account, cancellationToken);

    /// <summary>The transfer as it is, or null.</summary>
    public async Task<Transfer?> FindTransferAsync(string id, CancellationToken cancellationToken) =>
        await _store.FindClaimAsync(id, cancellationToken) is { } claim
            ? await _store.FindTransferAsync(claim.DebitAccount, id, cancellationToken)
            : null;

    /// <summary>Moves money at once: <see cref="TransferCode.Posted"/>.</summary>
    public Task<TransferResult> TransferAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Check() is { } wrong
            ? Task.FromResult(Count(new(wrong)))
            : BeginAsync(request, null, null, cancellationToken);
    }

    /// <summary>
    /// Reserves money, to be posted, voided, or given back by itself: <see cref="TransferCode.Created"/>.
    /// </summary>
    public Task<TransferResult> HoldAsync(
        TransferRequest request, TimeSpan holdFor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        TransferCode? wrong = request.Check()
            ?? (holdFor <= TimeSpan.Zero || holdFor > MaxHold ? TransferCode.InvalidLifetime : null);
        return wrong is { } code
            ? Task.FromResult(Count(new(code)))
            : BeginAsync(request, holdFor, null, cancellationToken);
    }

    /// <summary>Moves what is held, or a part of it; the rest is available again.</summary>
    /// <param name="id">The hold.</param>
    /// <param name="amount">Minor units; null is all.</param>
    /// <param name="cancellationToken">Gives up; call again to learn what came of it.</param>
    public Task<TransferResult> PostAsync(string id, long? amount, CancellationToken cancellationToken) =>
        amount <= 0
            ? Task.FromResult(Count(new(TransferCode.InvalidAmount)))
            : DecideAsync(id, TransferEvent.Post, amount, cancellationToken);

    /// <summary>Gives back what is held.</summary>
    public Task<TransferResult> VoidAsync(string id, CancellationToken cancellationToken) =>
        DecideAsync(id, TransferEvent.Void, null, cancellationToken);

    /// <summary>Gives back what is held and over.</summary>
    public Task<TransferResult> ExpireAsync(string id, CancellationToken cancellationToken) =>
        DecideAsync(id, TransferEvent.Expire, null, cancellationToken);

    /// <summary>
    /// Takes a posted transfer back by a new one the other way, which is the only correction there is. There is one
    /// reversal of a transfer, with the id <see cref="Transfer.ReversalOf"/>; called again it is already done. Refused
    /// for lack of funds it can be called again, with the same reason.
    /// </summary>
    public async Task<TransferResult> ReverseAsync(string id, string reason, CancellationToken cancellationToken)
    {
        Transfer? original = await FindTransferAsync(id, cancellationToken);
        TransferCode? wrong = original switch
        {
            null => TransferCode.UnknownTransfer,
            { Reverses: not null } => TransferCode.NotReversible,
            { State: not TransferState.Posted } => TransferCode.NotPosted,
            _ => null,
        };
        if (wrong is { } code)
        {
            return Count(new(code, original));
        }

        TransferRequest back = new(
            id, original!.CreditAccount, original.Account, original.PostedAmount, original.Currency, reason);
        return back.Check() is { } invalid
            ? Count(new(invalid, original))
            : await BeginAsync(back with { Id = Transfer.ReversalOf(id) }, null, id, cancellationToken);
    }

    /// <summary>
    /// Ends what was left in the middle: credits what is debited, gives back holds that are over. Safe beside live
    /// calls.
    /// </summary>
    /// <returns>How many transfers it ended.</returns>
    public async Task<int> RecoverAsync(CancellationToken cancellationToken)
    {
        int ended = 0;
        await foreach (Transfer open in _books.OpenTransfersAsync(LedgerClock.Now(_time), cancellationToken))
        {
            if (open.State == TransferState.Posting)
            {
                await CompleteAsync(open, cancellationToken);
                ended++;
            }
            else if ((await ExpireAsync(open.Id, cancellationToken)).Code == TransferCode.Expired)
            {
                ended++;
            }
        }

        return ended;
    }

    private async Task<TransferResult> BeginAsync(
        TransferRequest request, TimeSpan? holdFor, string? reverses, CancellationToken cancellationToken)
    {
        LedgerAccount? debit = await _store.KnownAccountAsync(request.DebitAccount, cancellationToken);
        LedgerAccount? credit = await _store.KnownAccountAsync(request.CreditAccount, cancellationToken);
        if (debit is null || credit is null)
        {
            return Count(new(TransferCode.UnknownAccount));
        }

        if (debit.Currency != request.Currency || credit.Currency != request.Currency)
        {
            return Count(new(TransferCode.CurrencyMismatch));
        }

        string fingerprint = request.Fingerprint(holdFor);
        TransferClaim claim = await _store.ClaimAsync(request.Id, request.DebitAccount, fingerprint, cancellationToken);
        if (claim.Fingerprint != fingerprint)
        {
            return Count(new(TransferCode.DifferentContent));
        }

        Transfer transfer = Transfer.Of(request, holdFor, reverses, LedgerClock.Now(_time));
        JournalStep step = JournalStep.Of(transfer, holdFor is null ? Leg.Debit : Leg.Hold, transfer.PostedAmount);
        Appended appended = await _store.AppendAsync(step, transfer, null, cancellationToken);
        return appended switch
        {
            Appended.NotCovered => Count(new(
                LedgerAccount.MayOverdraw(debit.Kind) ? TransferCode.OverdraftLimit : TransferCode.InsufficientFunds)),
            Appended.Done when holdFor is not null => Count(new(TransferCode.Created, transfer)),
            Appended.Done => Count(new(TransferCode.Posted, await CompleteAsync(transfer, cancellationToken))),
            _ => await ResumeAsync(request, cancellationToken),
        };
    }

    private async Task<TransferResult> ResumeAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        Transfer there = await _store.FindTransferAsync(request.DebitAccount, request.Id, cancellationToken)
            ?? throw new InvalidOperationException($"{request.Id} has an entry but no record.");
        return Count(new(TransferCode.AlreadyDone, await CompleteAsync(there, cancellationToken)));
    }

    private async Task<TransferResult> DecideAsync(
        string id, TransferEvent wanted, long? amount, CancellationToken cancellationToken)
    {
        while (true)
        {
            Transfer? transfer = await FindTransferAsync(id, cancellationToken);
            if (transfer is null)
            {
                return Count(new(TransferCode.UnknownTransfer));
            }

            // A hold that is over is over, whether or not anybody has noticed yet.
            bool due = transfer.State == TransferState.Pending && transfer.ExpiresAt <= _time.GetUtcNow();
            TransferDecision decision = TransferDecision.Of(transfer, due ? TransferEvent.Expire : wanted, amount, due);
            if (decision.Became is null)
            {
                Transfer now = await CompleteAsync(transfer, cancellationToken);
                return Count(new(decision.Code, now, decision.Refusal));
            }

            JournalStep step = JournalStep.Of(transfer, decision.Leg, decision.Became.PostedAmount);
            if (await _store.AppendAsync(step, null, decision.Became, cancellationToken) == Appended.Done)
            {
                Transfer now = await CompleteAsync(decision.Became, cancellationToken);
                bool late = due && wanted != TransferEvent.Expire;
                return Count(new(late ? TransferCode.AlreadyExpired : decision.Code, now));
            }
        }
    }

    /// <summary>Brings a transfer that is debited to its end; any other is as it should be.</summary>
    private async Task<Transfer> CompleteAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        if (TransferTransitions.Next(transfer.State, TransferEvent.Credit, out _) is not { } credited)
        {
            return transfer;
        }

        JournalStep step = JournalStep.Of(transfer, Leg.Credit, transfer.PostedAmount);
        await _store.AppendAsync(step, null, null, cancellationToken);
        await _store.SettleAsync(transfer, cancellationToken);
        return transfer with { State = credited };
    }

    private static TransferResult Count(TransferResult result)
    {
        LedgerTelemetry.Counted(result.Code);
        return result;
    }
}
