using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Escrow;

/// <summary>
/// Loads airtime for winners (ESC-12, ESC-13): the record, then the call, then the provider's event, which may come
/// first, late, repeatedly, or not at all. How it ends is noted once; money moves by ids of the escrow's; the record and
/// the escrow end together. Whoever is killed in between is overtaken by the same event, or by recovery.
/// </summary>
internal sealed partial class AirtimeGifts(
    AirtimeStore store, EscrowStore escrows, EscrowMoney money, IPaymentProvider provider, ILogger<AirtimeGifts> logger)
{
    public async Task<AirtimeState?> StateAsync(EscrowDocument escrow, CancellationToken cancellationToken) =>
        escrow.IsGiftCard ? null : (await store.FindAsync(escrow, cancellationToken))?.State;

    /// <summary>Begins, or says how far it came.</summary>
    public async Task<PrizeClaim> ClaimAsync(EscrowDocument won, string? phone, CancellationToken cancellationToken)
    {
        if (!AirtimeGift.IsPhone(phone))
        {
            return new(EscrowCode.InvalidRequest, won.View());
        }

        bool begun = await store.BeginAsync(won, phone!, cancellationToken);
        AirtimeGift? gift = await store.FindAsync(won, cancellationToken);
        if (gift is null)
        {
            return new(EscrowCode.Busy, won.View());
        }

        if (gift.Phone != phone)
        {
            return new(EscrowCode.DifferentContent, won.View());
        }

        if (begun)
        {
            await VendAsync(gift, cancellationToken);
        }

        EscrowDocument now = await escrows.ReadAsync(won, cancellationToken);
        return new(
            begun ? EscrowCode.Done : EscrowCode.AlreadyDone, now.View(), null, null,
            await StateAsync(now, cancellationToken));
    }

    /// <summary>The provider's word on how a gift ended.</summary>
    /// <exception cref="InvalidOperationException">There is no such gift.</exception>
    public async Task EndAsync(string reference, AirtimeOutcome outcome, CancellationToken cancellationToken)
    {
        EscrowDocument? escrow = AirtimeGift.EscrowOf(reference) is { } id
            ? await escrows.FindAnywhereAsync(id, cancellationToken)
            : null;
        AirtimeGift gift = (escrow is null ? null : await store.FindAsync(escrow, cancellationToken))
            ?? throw new InvalidOperationException($"Nobody asked for {reference}.");
        await EndAsync(escrow!, gift, outcome, cancellationToken);
    }

    /// <summary>Asks the provider for what it has not told, and ends what was left in the middle.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        await foreach (AirtimeGift due in store.DueAsync(cancellationToken))
        {
            try
            {
                await (due.Outcome == AirtimeOutcome.None
                    ? AskAsync(due, cancellationToken)
                    : EndAsync(AirtimeGift.VendOf(due.Escrow), due.Outcome, cancellationToken));
            }
            catch (Exception passing) when (Failures.IsTransient(passing) && !cancellationToken.IsCancellationRequested)
            {
                LogLater(due.Escrow, passing);
            }
        }
    }

    private async Task AskAsync(AirtimeGift gift, CancellationToken cancellationToken)
    {
        ProviderResult? known = await provider.FindAsync(AirtimeGift.VendOf(gift.Escrow), cancellationToken);
        await (known is null ? VendAsync(gift, cancellationToken) : TakeAsync(gift, known, cancellationToken));
    }

    private async Task VendAsync(AirtimeGift gift, CancellationToken cancellationToken)
    {
        try
        {
            AirtimeVend vend = new(AirtimeGift.VendOf(gift.Escrow), gift.Phone, gift.Amount, gift.Currency);
            await TakeAsync(gift, await provider.VendAsync(vend, cancellationToken), cancellationToken);
        }
        catch (Exception passing) when (Failures.IsTransient(passing) && !cancellationToken.IsCancellationRequested)
        {
            // The record stands, so the event or recovery ends it; the winner need not wait for that.
            LogLater(gift.Escrow, passing);
        }
    }

    private Task TakeAsync(AirtimeGift gift, ProviderResult result, CancellationToken cancellationToken) =>
        result.State switch
        {
            ProviderState.Accepted => store.PostponeAsync(gift, cancellationToken),
            ProviderState.Succeeded => EndAsync(result.Reference, AirtimeOutcome.Succeeded, cancellationToken),
            _ => EndAsync(result.Reference, AirtimeOutcome.Failed, cancellationToken),
        };

    private async Task EndAsync(
        EscrowDocument escrow, AirtimeGift gift, AirtimeOutcome outcome, CancellationToken cancellationToken)
    {
        if (!await store.DecideAsync(gift, outcome, cancellationToken))
        {
            gift = (await store.FindAsync(escrow, cancellationToken))!;
            if (gift.Outcome != outcome)
            {
                LogContradiction(gift.Escrow, outcome, gift.Outcome);
                return;
            }
        }

        if (gift.State != AirtimeState.Vending)
        {
            return;
        }

        if (outcome == AirtimeOutcome.Succeeded)
        {
            string outside = LedgerAccount.PlatformId(AccountKind.Provider, escrow.Currency);
            string id = EscrowMoney.NetOf(escrow.Id);
            await money.PayAsync(escrow, id, outside, AccountKind.Provider, escrow.Amount, cancellationToken);
        }
        else
        {
            await money.GiveBackAsync(escrow, cancellationToken);
        }

        EscrowDocument vending = await escrows.ReadAsync(escrow, cancellationToken);
        await store.EndAsync(vending, gift with { Outcome = outcome }, cancellationToken);
    }

    [LoggerMessage(4130, LogLevel.Warning, "The airtime of {Escrow} could not be ended now")]
    private partial void LogLater(string escrow, Exception failure);

    [LoggerMessage(4131, LogLevel.Error, "The provider says {Told} of the airtime of {Escrow}, and said {Before} before")]
    private partial void LogContradiction(string escrow, AirtimeOutcome told, AirtimeOutcome before);
}

/// <summary>The provider's events of vends.</summary>
internal sealed class AirtimePayouts(AirtimeGifts gifts) : IPayoutListener
{
    public string Kind => "ESCROW";

    public Task SucceededAsync(PayoutNotice notice, CancellationToken cancellationToken) =>
        gifts.EndAsync(notice.Reference, AirtimeOutcome.Succeeded, cancellationToken);

    public Task FailedAsync(PayoutNotice notice, CancellationToken cancellationToken) =>
        gifts.EndAsync(notice.Reference, AirtimeOutcome.Failed, cancellationToken);
}
