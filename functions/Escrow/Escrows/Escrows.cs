using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Escrow;

/// <summary>
/// Money reserved for prizes: <c>Pending → Held → Allocated → Settled | Released</c>, <c>Pending → Failed</c>.
/// <para>
/// Every command is idempotent by the escrow's id and safe beside any other. It writes down what it is going to do, does
/// it in steps that can be repeated, and writes down that it is done; what a crash leaves in between, the same call or
/// <see cref="RecoverAsync"/> completes. Refusals are results; exceptions mean that the store did not answer.
/// </para>
/// </summary>
public sealed class Escrows
{
    private readonly EscrowStore _store;
    private readonly EscrowSteps _steps;
    private readonly EscrowClaims _claims;
    private readonly CardCatalogue _cards;
    private readonly Wallets _wallets;
    private readonly EscrowOptions _options;
    private readonly TimeProvider _time;

    internal Escrows(
        EscrowStore store, EscrowSteps steps, EscrowClaims claims, CardCatalogue cards, Wallets wallets,
        EscrowOptions options, TimeProvider time)
    {
        (_store, _steps, _claims, _cards) = (store, steps, claims, cards);
        (_wallets, _options, _time) = (wallets, options, time);
    }

    /// <summary>Reserves money, and a card of the merchant's stock: held, or failed.</summary>
    public async Task<EscrowResult> CreateAsync(EscrowRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        EscrowDocument? document = IsValid(request)
            ? await _store.FindAsync(request.Tenant, request.Id, cancellationToken)
            : null;
        bool again = document is not null;
        if (document is null)
        {
            (EscrowCode wrong, CardView? card) = await CheckAsync(request, cancellationToken);
            if (wrong != EscrowCode.Done)
            {
                return new(wrong);
            }

            document = await BeginAsync(request, card, cancellationToken);
        }

        if (!document.IsOf(request))
        {
            return new(EscrowCode.DifferentContent);
        }

        again &= document.State != EscrowState.Pending;
        EscrowDocument now = await _steps.AdvanceAsync(document, cancellationToken);
        return new(now.Failure ?? (again ? EscrowCode.AlreadyDone : EscrowCode.Done), now.View());
    }

    /// <summary>Gives it to a winner, with the gift card if that is what was won.</summary>
    public async Task<EscrowResult> AllocateAsync(
        string tenant, string escrowId, EscrowHolder winner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(winner);
        while (true)
        {
            EscrowDocument? found = await AdvancedAsync(tenant, escrowId, cancellationToken);
            if (found is null)
            {
                return new(EscrowCode.UnknownEscrow);
            }

            if (found.State is EscrowState.Allocated or EscrowState.Settled)
            {
                bool same = found.Holder?.ParticipantId == winner.ParticipantId;
                return new(same ? EscrowCode.AlreadyDone : EscrowCode.DifferentContent, found.View());
            }

            if (Refuses(found, EscrowEvent.Allocate) is { } refused)
            {
                return refused;
            }

            DateTimeOffset expires = await ExpiryAsync(found, cancellationToken);
            if (await _store.AllocateAsync(found, winner, expires, cancellationToken))
            {
                EscrowDocument now = await _store.ReadAsync(found, cancellationToken);
                return new(EscrowCode.Done, (await _steps.AdvanceAsync(now, cancellationToken)).View());
            }
        }
    }

    /// <summary>Gives the money back to the wallet and the card to its merchant.</summary>
    /// <param name="tenant">The host's.</param>
    /// <param name="escrowId">One that is held, or won and not redeemed.</param>
    /// <param name="reason">Why, for the host.</param>
    /// <param name="cancellationToken">Gives up; call again to learn what came of it.</param>
    public async Task<EscrowResult> ReleaseAsync(
        string tenant, string escrowId, string reason, CancellationToken cancellationToken)
    {
        while (true)
        {
            EscrowDocument? found = await AdvancedAsync(tenant, escrowId, cancellationToken);
            if (found is null)
            {
                return new(EscrowCode.UnknownEscrow);
            }

            if (found.State == EscrowState.Released)
            {
                return new(EscrowCode.AlreadyDone, found.View());
            }

            if (Refuses(found, EscrowEvent.Release) is { } refused)
            {
                return refused;
            }

            PatchOperation why = PatchOperation.Set("/reason", reason);
            if (await _store.BeginAsync(found, EscrowIntent.Release, why, cancellationToken))
            {
                EscrowDocument now = await _store.ReadAsync(found, cancellationToken);
                return new(EscrowCode.Done, (await _steps.AdvanceAsync(now, cancellationToken)).View());
            }
        }
    }

    /// <summary>
    /// Hands the prize to its winner: the code of a gift card, each time the same; or airtime for a phone, once.
    /// </summary>
    public Task<PrizeClaim> ClaimAsync(
        string tenant, string escrowId, ClaimDetails details, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(details);
        return _claims.ClaimAsync(tenant, escrowId, details, cancellationToken);
    }

    /// <summary>The escrow as it is, or null.</summary>
    public async Task<EscrowView?> FindAsync(string tenant, string escrowId, CancellationToken cancellationToken) =>
        (await _store.FindAsync(tenant, escrowId, cancellationToken))?.View();

    /// <summary>Escrows, newest first; of everybody where no tenant is named.</summary>
    /// <exception cref="ProblemException">invalid_cursor.</exception>
    public Task<Page<EscrowView>> ListAsync(
        string? tenant, EscrowState? state, string? reference, PageRequest page, CancellationToken cancellationToken) =>
        _store.ListAsync(tenant, state, reference, page, cancellationToken);

    /// <summary>The escrow of an id, whosever it is, for operators.</summary>
    public async Task<EscrowView?> FindAnywhereAsync(string escrowId, CancellationToken cancellationToken) =>
        (await _store.FindAnywhereAsync(escrowId, cancellationToken))?.View();

    /// <summary>Ends what was left in the middle and releases what is over. Safe beside live calls.</summary>
    /// <returns>How many escrows it looked at.</returns>
    public async Task<int> RecoverAsync(CancellationToken cancellationToken)
    {
        int looked = 0;
        await foreach (EscrowDocument due in _store.DueAsync(cancellationToken))
        {
            looked++;
            EscrowDocument now = await _steps.AdvanceAsync(due, cancellationToken);
            bool over = now is { State: EscrowState.Held or EscrowState.Allocated, Intent: EscrowIntent.None }
                && now.ExpiresAt <= _time.GetUtcNow();
            if (over)
            {
                await ReleaseAsync(now.Tenant, now.Id, "expired", cancellationToken);
            }
            else if (now.State == EscrowState.Failed && now.DueAt <= _time.GetUtcNow().ToUnixTimeMilliseconds())
            {
                await _store.PostponeAsync(now, null, cancellationToken);
            }
        }

        return looked;
    }

    /// <summary>Ends airtime that the provider has not told the end of.</summary>
    public Task RecoverAirtimeAsync(CancellationToken cancellationToken) => _claims.RecoverAsync(cancellationToken);

    private static bool IsValid(EscrowRequest request) =>
        Ids.IsValid(request.Id, "ESCROW") && Ids.IsValid(request.Tenant, "TENANT")
            && request.Amount is > 0 and <= TransferRequest.MaxAmount && Currencies.Exists(request.Currency)
            && request.Reference is { Length: > 0 and <= 100 } && !request.Reference.Any(char.IsControl);

    private async Task<(EscrowCode Wrong, CardView? Card)> CheckAsync(
        EscrowRequest request, CancellationToken cancellationToken)
    {
        bool needsCard = request.Backing.Kind == PrizeKind.GiftCard;
        if (!IsValid(request) || needsCard != request.Backing.CardId is not null || request.ExpiresAt <= _time.GetUtcNow())
        {
            return (EscrowCode.InvalidRequest, null);
        }

        if (!needsCard)
        {
            return (EscrowCode.Done, null);
        }

        CardView? card = await _cards.FindAsync(request.Backing.CardId!, cancellationToken);
        bool worth = card?.Denomination == request.Amount && card.Currency == request.Currency;
        return (card is null ? EscrowCode.UnknownCard : worth ? EscrowCode.Done : EscrowCode.InvalidRequest, card);
    }

    private async Task<EscrowDocument> BeginAsync(
        EscrowRequest request, CardView? card, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset expires = request.ExpiresAt ?? now + TimeSpan.FromDays(_options.HoldDays);
        FeeAverage fees = await _wallets.FeeAverageAsync(request.Tenant, request.Currency, cancellationToken);
        EscrowDocument document = EscrowDocument.Of(request, card, fees, expires, now);
        return await _store.CreateAsync(document, cancellationToken)
            ? document
            : await _store.ReadAsync(document, cancellationToken);
    }

    private async Task<EscrowDocument?> AdvancedAsync(
        string tenant, string escrowId, CancellationToken cancellationToken) =>
        await _store.FindAsync(tenant, escrowId, cancellationToken) is { } found
            ? await _steps.AdvanceAsync(found, cancellationToken)
            : null;

    private static EscrowResult? Refuses(EscrowDocument found, EscrowEvent wanted)
    {
        if (EscrowTransitions.Next(found.State, wanted, out EscrowRefusal? refusal) is null)
        {
            return new(EscrowCode.Refused, found.View(), refusal);
        }

        return found.Intent == EscrowIntent.None ? null : new(EscrowCode.Busy, found.View());
    }

    private async Task<DateTimeOffset> ExpiryAsync(EscrowDocument won, CancellationToken cancellationToken)
    {
        CardView? card = won.IsGiftCard ? await _cards.FindAsync(won.Backing.CardId!, cancellationToken) : null;
        return _time.GetUtcNow() + TimeSpan.FromDays(card?.ValidDays ?? _options.AirtimeDays);
    }
}
