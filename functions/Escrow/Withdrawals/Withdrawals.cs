using FinVault.Identity;
using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>
/// A merchant's money on its way to the merchant's bank (ESC-18). It is written down, held in the ledger, above a limit
/// approved by a second person, and only then is the provider called: the event that tells how it ends may come before
/// the answer to the call. Whatever dies in between, <see cref="CompleteAsync"/> goes on from what is written.
/// </summary>
public sealed class Withdrawals(
    WithdrawalStore store, WithdrawalPayments payments, IMerchantDirectory merchants, IPaymentProvider provider,
    Ledger ledger, WithdrawalOptions options, TimeProvider time)
{
    private const int RetryAfterSeconds = 30;

    /// <summary>Asks for a withdrawal, once an id. Answers it as far as it came.</summary>
    /// <exception cref="ProblemException">not_found, different_content, merchant_not_payable, spend_limit_exceeded.</exception>
    public async Task<Withdrawal> RequestAsync(
        CurrentUser user, string merchantId, WithdrawalRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(request);
        PayableMerchant merchant = await MerchantAsync(user, merchantId, cancellationToken);
        WithdrawalDocument? there = await store.FindAsync(user.TenantId, request.Id, cancellationToken);
        if (there is null)
        {
            WithdrawalDocument asked = Check(user, merchant, request);
            there = await store.ClaimAsync(user.TenantId, request.Id, cancellationToken)
                && await store.AddAsync(asked, cancellationToken)
                ? asked
                : await store.FindAsync(user.TenantId, request.Id, cancellationToken);
        }

        return there?.IsSame(merchantId, request) == true
            ? (await payments.ForwardAsync(there, cancellationToken)).View()
            : throw Problems.DifferentContent.With("The id was used for another withdrawal.");
    }

    /// <exception cref="ProblemException">not_found.</exception>
    public async Task<MerchantBalance> BalanceAsync(
        CurrentUser user, string merchantId, string currency, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        await MerchantAsync(user, merchantId, cancellationToken);
        LedgerAccount? account = await ledger.FindAccountAsync(
            PayableMerchant.AccountOf(merchantId, currency), cancellationToken);
        return new(merchantId, currency, account?.Available ?? 0, account?.Held ?? 0);
    }

    /// <exception cref="ProblemException">not_found, unknown_withdrawal.</exception>
    public async Task<Withdrawal> FindAsync(
        CurrentUser user, string merchantId, string id, CancellationToken cancellationToken) =>
        (await ReadAsync(user, merchantId, id, cancellationToken)).View();

    /// <summary>The merchant's withdrawals, newest first.</summary>
    /// <exception cref="ProblemException">not_found, invalid_cursor.</exception>
    public async Task<Page<Withdrawal>> ListAsync(
        CurrentUser user, string merchantId, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        await MerchantAsync(user, merchantId, cancellationToken);
        return await store.ListAsync(user.TenantId, merchantId, page, cancellationToken);
    }

    /// <summary>Approves a withdrawal that somebody else asked for. Repeated by the same person it is done already.</summary>
    /// <exception cref="ProblemException">unknown_withdrawal, second_person_needed, invalid_transition.</exception>
    public async Task<Withdrawal> ApproveAsync(
        CurrentUser user, string merchantId, string id, CancellationToken cancellationToken)
    {
        WithdrawalDocument asked = await ReadAsync(user, merchantId, id, cancellationToken);
        if (asked.RequestedBy == user.UserId)
        {
            throw Problems.SecondPersonNeeded.With("Whoever asked for a withdrawal does not approve it.");
        }

        if (asked.State == WithdrawalState.AwaitingApproval)
        {
            RequireProvider();
            asked = await store.MoveAsync(asked, WithdrawalEvent.Approve, cancellationToken, user.UserId)
                ?? await ReadAsync(user, merchantId, id, cancellationToken);
        }

        bool mine = asked.DecidedBy == user.UserId
            && asked.State is not (WithdrawalState.Rejecting or WithdrawalState.Rejected);
        return mine
            ? (await payments.ForwardAsync(asked, cancellationToken)).View()
            : throw Refusal(asked, WithdrawalEvent.Approve);
    }

    /// <summary>Turns down a withdrawal that waits for approval; whoever asked for it may do so too.</summary>
    /// <exception cref="ProblemException">unknown_withdrawal, invalid_transition.</exception>
    public async Task<Withdrawal> RejectAsync(
        CurrentUser user, string merchantId, string id, string reason, CancellationToken cancellationToken)
    {
        WithdrawalDocument asked = await ReadAsync(user, merchantId, id, cancellationToken);
        if (asked.State == WithdrawalState.AwaitingApproval)
        {
            asked = await store.MoveAsync(asked, WithdrawalEvent.Reject, cancellationToken, user.UserId, reason)
                ?? await ReadAsync(user, merchantId, id, cancellationToken);
        }

        return asked.State is WithdrawalState.Rejecting or WithdrawalState.Rejected && asked.DecidedBy == user.UserId
            ? (await payments.ForwardAsync(asked, cancellationToken)).View()
            : throw Refusal(asked, WithdrawalEvent.Reject);
    }

    /// <summary>Goes on with what was left in the middle, and turns down what nobody decided in time.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await foreach (WithdrawalDocument stuck in store.StuckAsync(cancellationToken))
        {
            await payments.ResumeAsync(stuck, cancellationToken);
        }
    }

    private async Task<PayableMerchant> MerchantAsync(
        CurrentUser user, string merchantId, CancellationToken cancellationToken) =>
        await merchants.FindAsync(user.TenantId, merchantId, cancellationToken) is { } found
            && found.Tenant == user.TenantId
            ? found
            : throw Problems.NotFound.With("There is no such merchant.");

    private async Task<WithdrawalDocument> ReadAsync(
        CurrentUser user, string merchantId, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        WithdrawalDocument? found = Ids.IsValid(id, WithdrawalDocument.Prefix)
            ? await store.FindAsync(user.TenantId, id, cancellationToken)
            : null;
        return found?.Merchant == merchantId
            ? found
            : throw Problems.UnknownWithdrawal.With("The merchant has no such withdrawal.");
    }

    private WithdrawalDocument Check(CurrentUser user, PayableMerchant merchant, WithdrawalRequest request)
    {
        if (!merchant.MayWithdraw || merchant.BankAccount is null)
        {
            throw Problems.MerchantNotPayable.With("Its papers are not approved, or it has no bank account.");
        }

        if (request.Amount > options.MaxAmount)
        {
            throw Problems.SpendLimitExceeded.With($"One withdrawal is {options.MaxAmount} minor units at most.");
        }

        RequireProvider();
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new(
            request.Id, user.TenantId, merchant.Id, request.Amount, request.Currency, merchant.BankAccount,
            WithdrawalState.Requested, user.UserId, now, now);
    }

    // While the provider is known to be away nothing is begun that would only wait for it (ESC-23).
    private void RequireProvider()
    {
        if (!provider.IsAvailable)
        {
            throw new ProblemException(Problems.Unavailable, "Payments are not available for the moment.")
            {
                RetryAfterSeconds = RetryAfterSeconds,
            };
        }
    }

    private static ProblemException Refusal(WithdrawalDocument withdrawal, WithdrawalEvent wanted)
    {
        WithdrawalState to = WithdrawalTransitions.Target(wanted);
        return Problems.InvalidTransition.With(
            $"A withdrawal that is {withdrawal.State} cannot become {to} by {wanted}.",
            new Dictionary<string, object?> { ["from"] = withdrawal.State, ["to"] = to, ["event"] = wanted });
    }
}
