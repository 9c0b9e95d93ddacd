using FinVault.Platform;
using Microsoft.Extensions.Logging;
using Polly;

namespace FinVault.Escrow;

/// <summary>
/// Carries a withdrawal forward: hold, pay, and book how it ended. The ledger is what decides between contrary news: a
/// hold is posted or voided, once.
/// </summary>
public sealed partial class WithdrawalPayments(
    WithdrawalStore store, Ledger ledger, IPaymentProvider provider, WithdrawalOptions options,
    ILogger<WithdrawalPayments> logger) : IPayoutListener
{
    private const string NotPaid = "The payment did not go through.";

    public string Kind => WithdrawalDocument.Prefix;

    public async Task SucceededAsync(PayoutNotice notice, CancellationToken cancellationToken) =>
        await SucceedAsync(await FindAsync(notice, cancellationToken), cancellationToken);

    public async Task FailedAsync(PayoutNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await FailAsync(await FindAsync(notice, cancellationToken), notice.Failure, cancellationToken);
    }

    /// <summary>Goes as far as it can now. A provider that does not answer is asked again later, by the timer.</summary>
    internal async Task<WithdrawalDocument> ForwardAsync(
        WithdrawalDocument withdrawal, CancellationToken cancellationToken)
    {
        WithdrawalDocument now = withdrawal;
        if (now.State == WithdrawalState.Requested)
        {
            now = await HoldAsync(now, cancellationToken);
        }

        if (now.State == WithdrawalState.Rejecting)
        {
            now = await ReturnAsync(now, cancellationToken);
        }

        return now.State == WithdrawalState.Approved ? await TryPayAsync(now, false, cancellationToken) : now;
    }

    /// <summary>The same for one that was left in the middle: what may have been tried is looked up first.</summary>
    internal async Task ResumeAsync(WithdrawalDocument stuck, CancellationToken cancellationToken)
    {
        try
        {
            switch (stuck.State)
            {
                case WithdrawalState.AwaitingApproval:
                    WithdrawalDocument? lapsed = await store.MoveAsync(
                        stuck, WithdrawalEvent.Lapse, cancellationToken, reason: "Nobody decided in time.");
                    await ForwardAsync(lapsed ?? stuck, cancellationToken);
                    break;
                case WithdrawalState.Approved or WithdrawalState.Sent:
                    await TryPayAsync(stuck, true, cancellationToken);
                    break;
                default:
                    await ForwardAsync(stuck, cancellationToken);
                    break;
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // One that cannot go on must not keep the others from it.
            LogStuck(stuck.Id, stuck.State, failure);
        }
    }

    private async Task<WithdrawalDocument> HoldAsync(
        WithdrawalDocument asked, CancellationToken cancellationToken)
    {
        string merchant = PayableMerchant.AccountOf(asked.Merchant, asked.Currency);
        string clearing = LedgerAccount.PlatformId(AccountKind.Withdrawal, asked.Currency);
        await ledger.OpenAccountAsync(merchant, AccountKind.Merchant, asked.Currency, cancellationToken);
        await ledger.OpenAccountAsync(clearing, AccountKind.Withdrawal, asked.Currency, cancellationToken);
        TransferResult held = await ledger.HoldAsync(
            new(asked.Id, merchant, clearing, asked.Amount, asked.Currency, asked.Id), Ledger.MaxHold,
            cancellationToken);
        return held switch
        {
            { Code: TransferCode.InsufficientFunds } => await MoveAsync(
                asked, WithdrawalEvent.Refuse, cancellationToken, "There is not enough money."),
            { IsDone: true } when asked.Amount > options.FourEyesAbove =>
                await MoveAsync(asked, WithdrawalEvent.HoldForApproval, cancellationToken),
            { IsDone: true } => await MoveAsync(asked, WithdrawalEvent.Hold, cancellationToken),
            _ => throw new InvalidOperationException($"The ledger does not hold {asked.Id}: {held.Code}."),
        };
    }

    private async Task<WithdrawalDocument> ReturnAsync(
        WithdrawalDocument rejected, CancellationToken cancellationToken)
    {
        Expect(await ledger.VoidAsync(rejected.Id, cancellationToken), rejected);
        return await MoveAsync(rejected, WithdrawalEvent.Return, cancellationToken);
    }

    private async Task<WithdrawalDocument> TryPayAsync(
        WithdrawalDocument due, bool mayHaveBeenTried, CancellationToken cancellationToken)
    {
        try
        {
            ProviderResult? result = mayHaveBeenTried ? await provider.FindAsync(due.Id, cancellationToken) : null;
            if (result is null && due.State == WithdrawalState.Approved)
            {
                result = await provider.PayOutAsync(
                    new(due.Id, due.BankAccount, due.Amount, due.Currency), cancellationToken);
            }

            return result?.State switch
            {
                ProviderState.Succeeded => await SucceedAsync(due, cancellationToken),
                ProviderState.Failed => await FailAsync(due, result.Failure, cancellationToken),
                ProviderState.Accepted when due.State == WithdrawalState.Approved =>
                    await MoveAsync(due, WithdrawalEvent.Send, cancellationToken),
                _ => due,
            };
        }
        catch (Exception unknown) when (unknown is ProviderUnknownException or ExecutionRejectedException)
        {
            LogUnknown(due.Id, unknown.Message);
            return await store.FindAsync(due.Tenant, due.Id, cancellationToken) ?? due;
        }
    }

    private async Task<WithdrawalDocument> SucceedAsync(
        WithdrawalDocument paid, CancellationToken cancellationToken)
    {
        if (paid.State == WithdrawalState.Completed)
        {
            return paid;
        }

        Allow(paid, WithdrawalEvent.Succeed);
        Expect(await ledger.PostAsync(paid.Id, null, cancellationToken), paid);
        string from = LedgerAccount.PlatformId(AccountKind.Withdrawal, paid.Currency);
        string world = LedgerAccount.PlatformId(AccountKind.Provider, paid.Currency);
        await ledger.OpenAccountAsync(world, AccountKind.Provider, paid.Currency, cancellationToken);
        Expect(
            await ledger.TransferAsync(
                new($"{paid.Id}-OUT", from, world, paid.Amount, paid.Currency, paid.Id), cancellationToken),
            paid);
        return await MoveAsync(paid, WithdrawalEvent.Succeed, cancellationToken);
    }

    private async Task<WithdrawalDocument> FailAsync(
        WithdrawalDocument unpaid, string? failure, CancellationToken cancellationToken)
    {
        if (unpaid.State == WithdrawalState.Failed)
        {
            return unpaid;
        }

        Allow(unpaid, WithdrawalEvent.Fail);
        Expect(await ledger.VoidAsync(unpaid.Id, cancellationToken), unpaid);
        return await MoveAsync(unpaid, WithdrawalEvent.Fail, cancellationToken, NotPaid, failure ?? "");
    }

    private async Task<WithdrawalDocument> FindAsync(PayoutNotice notice, CancellationToken cancellationToken)
    {
        WithdrawalDocument? found = Ids.IsValid(notice.Reference, Kind)
            ? await store.FindAsync(notice.Reference, cancellationToken)
            : null;
        return found is not null && (found.Amount, found.Currency) == (notice.Amount, notice.Currency)
            ? found
            : throw new InvalidOperationException($"{notice.Reference} is no withdrawal of that amount.");
    }

    // Somebody else may have moved it meanwhile: then it is as they left it, or the step is taken from there.
    private async Task<WithdrawalDocument> MoveAsync(
        WithdrawalDocument from, WithdrawalEvent happened, CancellationToken cancellationToken,
        string? reason = null, string? providerFailure = null)
    {
        WithdrawalDocument now = from;
        while (WithdrawalTransitions.Next(now.State, happened) is not null)
        {
            WithdrawalDocument? became = await store.MoveAsync(
                now, happened, cancellationToken, reason: reason, providerFailure: providerFailure);
            if (became is not null)
            {
                return became;
            }

            now = await store.FindAsync(from.Tenant, from.Id, cancellationToken)
                ?? throw new InvalidOperationException($"{from.Id} is gone; none is ever removed.");
        }

        return now;
    }

    private static void Allow(WithdrawalDocument withdrawal, WithdrawalEvent happened)
    {
        if (WithdrawalTransitions.Next(withdrawal.State, happened) is null)
        {
            throw new InvalidOperationException(
                $"A withdrawal that is {withdrawal.State} cannot become {WithdrawalTransitions.Target(happened)} "
                + $"by {happened}: {withdrawal.Id}.");
        }
    }

    private static void Expect(TransferResult result, WithdrawalDocument withdrawal)
    {
        if (!result.IsDone)
        {
            throw new InvalidOperationException($"The ledger refuses a step of {withdrawal.Id}: {result.Code}.");
        }
    }

    [LoggerMessage(4130, LogLevel.Warning, "What became of {Withdrawal} is not known yet: {Reason}")]
    private partial void LogUnknown(string withdrawal, string reason);

    [LoggerMessage(4131, LogLevel.Error, "{Withdrawal}, which is {State}, could not be carried on")]
    private partial void LogStuck(string withdrawal, WithdrawalState state, Exception failure);
}
