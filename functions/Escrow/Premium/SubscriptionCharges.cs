using FinVault.Platform;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace FinVault.Escrow;

/// <summary>
/// The payments of subscriptions. Each is written down before the provider is called (ESC-10), and the provider, the
/// ledger and the database know it by one id, so the answer, the event and a repeated step all do the same once. The next
/// payment of a month is begun only when the one before it is declined for good.
/// </summary>
public sealed partial class SubscriptionCharges(
    SubscriptionStore store, PremiumOptions options, IPaymentProvider provider, Ledger ledger, TimeProvider time,
    ILogger<SubscriptionCharges> logger) : IPayoutListener
{
    public string Kind => ChargeDocument.Prefix;

    /// <summary>What is to be done next.</summary>
    internal async Task<SubscriptionStep> NextAsync(string user, CancellationToken cancellationToken) =>
        await store.FindAsync(user, cancellationToken) is { } found
            ? SubscriptionRules.Next(found, options, time.GetUtcNow())
            : new(user, SubscriptionAction.End);

    /// <summary>Writes down the payment that is due. Nothing happens when somebody else changed the subscription.</summary>
    internal async Task BeginAsync(string user, CancellationToken cancellationToken)
    {
        if (await store.FindVersionAsync(user, cancellationToken) is { } due
            && SubscriptionRules.Next(due.Document, options, time.GetUtcNow()).Action == SubscriptionAction.Begin)
        {
            await store.BeginAsync(due, cancellationToken);
        }
    }

    /// <summary>Ends what is not paid any more.</summary>
    internal async Task LapseAsync(string user, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (await store.FindVersionAsync(user, cancellationToken) is { } over
            && SubscriptionRules.Next(over.Document, options, now).Action == SubscriptionAction.Lapse
            && SubscriptionRules.After(over.Document, SubscriptionEvent.Lapse, options, now) is { } ended)
        {
            await store.ChangeAsync(over, ended, cancellationToken);
        }
    }

    /// <summary>Has the provider make a payment. True when it has ended, false when that is not known yet.</summary>
    internal async Task<bool> MakeAsync(SubscriptionStep step, CancellationToken cancellationToken)
    {
        SubscriptionDocument? subscription = await store.FindAsync(step.User, cancellationToken);
        ChargeDocument? charge = step.TransferId is null
            ? null
            : await store.FindChargeAsync(step.User, step.TransferId, cancellationToken);
        if (charge is not { State: ChargeState.Open } || subscription?.Charge != charge.Id)
        {
            return true;
        }

        try
        {
            ProviderResult result = await provider.FindAsync(charge.Id, cancellationToken)
                ?? await provider.ChargeAsync(
                    new(charge.Id, subscription.PaymentMethod, charge.Amount, charge.Currency), cancellationToken);
            await (result.State switch
            {
                ProviderState.Succeeded => PayAsync(charge, result.Fee, cancellationToken),
                ProviderState.Failed => DeclineAsync(charge, result.Failure, cancellationToken),
                _ => Task.CompletedTask,
            });
            return result.State != ProviderState.Accepted;
        }
        catch (Exception unknown) when (unknown is ProviderUnknownException or BrokenCircuitException)
        {
            LogUnknown(charge.Id, unknown.Message);
            return false;
        }
    }

    public async Task SucceededAsync(PayoutNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await PayAsync(await FindAsync(notice, cancellationToken), notice.Fee, cancellationToken);
    }

    public async Task FailedAsync(PayoutNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await DeclineAsync(await FindAsync(notice, cancellationToken), notice.Failure, cancellationToken);
    }

    // The ledger comes first: whoever dies after it does it once more, under the same ids.
    private async Task PayAsync(ChargeDocument charge, long fee, CancellationToken cancellationToken)
    {
        if (charge.State == ChargeState.Declined)
        {
            throw new InvalidOperationException($"{charge.Id} was declined, and is now said to be paid.");
        }

        if (charge.State == ChargeState.Open)
        {
            await BookAsync(charge, fee, cancellationToken);
            await SettleAsync(charge, SubscriptionEvent.Pay, null, cancellationToken);
        }
    }

    private async Task DeclineAsync(ChargeDocument charge, string? failure, CancellationToken cancellationToken)
    {
        if (charge.State == ChargeState.Paid)
        {
            throw new InvalidOperationException($"{charge.Id} was paid, and is now said to be declined.");
        }

        if (charge.State == ChargeState.Open)
        {
            await SettleAsync(charge, SubscriptionEvent.Decline, failure ?? "", cancellationToken);
        }
    }

    private async Task BookAsync(ChargeDocument charge, long fee, CancellationToken cancellationToken)
    {
        string world = LedgerAccount.PlatformId(AccountKind.Provider, charge.Currency);
        string revenue = LedgerAccount.PlatformId(AccountKind.Revenue, charge.Currency);
        await ledger.OpenAccountAsync(world, AccountKind.Provider, charge.Currency, cancellationToken);
        await ledger.OpenAccountAsync(revenue, AccountKind.Revenue, charge.Currency, cancellationToken);
        TransferResult paid = await ledger.TransferAsync(
            new(charge.Id, world, revenue, charge.Amount, charge.Currency, charge.Subscription), cancellationToken);
        TransferResult cost = fee == 0 ? paid : await ledger.TransferAsync(
            new($"{charge.Id}-COST", revenue, world, fee, charge.Currency, charge.Subscription), cancellationToken);
        // A fee that is told differently the second time: the first stands, and reconciliation shows the difference.
        if (!paid.IsDone || !(cost.IsDone || cost.Code == TransferCode.DifferentContent))
        {
            throw new InvalidOperationException($"The ledger refuses {charge.Id}: {paid.Code}, {cost.Code}.");
        }
    }

    private async Task SettleAsync(
        ChargeDocument charge, SubscriptionEvent happened, string? failure, CancellationToken cancellationToken)
    {
        ChargeDocument settled = charge with
        {
            State = happened == SubscriptionEvent.Pay ? ChargeState.Paid : ChargeState.Declined, Failure = failure,
        };
        while (true)
        {
            Versioned<SubscriptionDocument> before = await store.FindVersionAsync(charge.Tenant, cancellationToken)
                ?? throw new InvalidOperationException($"The subscription of {charge.Id} is gone; none is ever removed.");
            if (before.Document.Charge != charge.Id)
            {
                // Somebody else was first; what they wrote must be the same.
                ChargeDocument? now = await store.FindChargeAsync(charge.Tenant, charge.Id, cancellationToken);
                if (now?.State != settled.State)
                {
                    throw new InvalidOperationException($"{charge.Id} is {now?.State}, and is now said to be {settled.State}.");
                }

                return;
            }

            SubscriptionDocument after = SubscriptionRules.After(before.Document, happened, options, time.GetUtcNow())
                ?? throw new InvalidOperationException($"{happened} does not happen to what is {before.Document.State}.");
            if (await store.SettleAsync(before, after, settled, cancellationToken))
            {
                return;
            }
        }
    }

    private async Task<ChargeDocument> FindAsync(PayoutNotice notice, CancellationToken cancellationToken)
    {
        ChargeDocument? found = TransferRequest.IsId(notice.Reference)
            ? await store.FindChargeAsync(notice.Reference, cancellationToken)
            : null;
        return found is not null && (found.Amount, found.Currency) == (notice.Amount, notice.Currency)
            && notice.Fee >= 0 && notice.Fee <= notice.Amount
            ? found
            : throw new InvalidOperationException($"{notice.Reference} is no payment of that amount.");
    }

    [LoggerMessage(4150, LogLevel.Warning, "What became of {Charge} is not known yet: {Reason}")]
    private partial void LogUnknown(string charge, string reason);
}
