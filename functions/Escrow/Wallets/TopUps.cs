using FinVault.Platform;
using Microsoft.Extensions.Logging;

namespace FinVault.Escrow;

/// <summary>
/// Money that comes in: world → main account → wallet. Every step is idempotent by the top-up's id, so whatever dies in
/// between, the event or the timer that comes next completes it.
/// </summary>
public sealed partial class TopUps(
    WalletStore store, Wallets wallets, WalletCache cache, Ledger ledger, ILogger<TopUps> logger)
{
    /// <summary>Takes a top-up, once however many events tell of it.</summary>
    public async Task ReceiveAsync(TopUpNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        string? owner = await store.OwnerAsync(notice.VirtualAccount, notice.Currency, cancellationToken);
        TopUpClaim claim = await store.ClaimAsync(notice, owner, cancellationToken);
        if ((claim.Gross, claim.Fee, claim.Currency) != (notice.Gross, notice.Fee, notice.Currency))
        {
            // What was booked first stands; the reconciliation with the provider's statement shows the difference.
            LogDiffers(notice.Reference, claim.Gross, claim.Fee, notice.Gross, notice.Fee);
        }

        await CompleteAsync(claim, cancellationToken);
    }

    /// <summary>Money that came in for nobody we know, oldest first.</summary>
    public async Task<Page<UnallocatedTopUp>> UnallocatedAsync(
        PageRequest page, CancellationToken cancellationToken)
    {
        Page<TopUpClaim> claims = await store.UnallocatedAsync(page, cancellationToken);
        return new([.. claims.Data.Select(claim => claim.View())], claims.NextCursor);
    }

    /// <summary>Gives an unallocated top-up to a tenant's wallet. Repeated with the same tenant it is done already.</summary>
    /// <exception cref="ProblemException">not_found, already_assigned.</exception>
    public async Task<TopUp> AssignAsync(string topUpId, string tenant, CancellationToken cancellationToken)
    {
        TopUpClaim claim = await store.FindClaimAsync(topUpId, cancellationToken)
            ?? throw Problems.NotFound.With("There is no such top-up.");
        if (claim.State == TopUpClaimState.Unallocated)
        {
            claim = await store.AssignAsync(claim, tenant, cancellationToken)
                ?? await store.FindClaimAsync(topUpId, cancellationToken)
                ?? throw new InvalidOperationException($"The claim of {topUpId} is gone; none is ever removed.");
        }

        if (claim.Owner != tenant)
        {
            throw Problems.AlreadyAssigned.With("The top-up went to another wallet.");
        }

        await CompleteAsync(claim, cancellationToken);
        return Document(claim, tenant).View() with { State = TopUpState.Credited };
    }

    private async Task CompleteAsync(TopUpClaim claim, CancellationToken cancellationToken)
    {
        if (claim.State == TopUpClaimState.Done)
        {
            return;
        }

        string main = await OpenAsync(AccountKind.Main, claim.Currency, cancellationToken);
        string world = await OpenAsync(AccountKind.Provider, claim.Currency, cancellationToken);
        await MoveAsync(claim, $"{claim.TopUpId}-IN", world, main, cancellationToken);
        if (claim.Owner is not { } owner)
        {
            await store.SetStateAsync(claim, TopUpClaimState.Unallocated, cancellationToken);
            return;
        }

        // Its fee counts before the money can be spent, so that no escrow is made of money whose fee is not known.
        TopUpDocument topUp = Document(claim, owner);
        await store.EnsureAsync(owner, claim.Currency, cancellationToken);
        await wallets.OpenAccountAsync(owner, claim.Currency, cancellationToken);
        await store.RecordAsync(topUp, cancellationToken);
        string wallet = Wallets.AccountOf(owner, claim.Currency);
        cache.Changed(wallet);
        await MoveAsync(claim, claim.TopUpId, main, wallet, cancellationToken);
        await store.CreditedAsync(topUp, cancellationToken);
        await store.SetStateAsync(claim, TopUpClaimState.Done, cancellationToken);
    }

    private static TopUpDocument Document(TopUpClaim claim, string owner) => new(
        claim.TopUpId, owner, claim.Currency, claim.Gross, claim.Fee, claim.Reference, TopUpState.Recorded, claim.At);

    private async Task<string> OpenAsync(AccountKind kind, string currency, CancellationToken cancellationToken)
    {
        string account = LedgerAccount.PlatformId(kind, currency);
        await ledger.OpenAccountAsync(account, kind, currency, cancellationToken);
        return account;
    }

    private async Task MoveAsync(
        TopUpClaim claim, string id, string from, string to, CancellationToken cancellationToken)
    {
        TransferResult moved = await ledger.TransferAsync(
            new(id, from, to, claim.Gross, claim.Currency, claim.Reference), cancellationToken);
        if (!moved.IsDone)
        {
            throw new InvalidOperationException($"The ledger refuses {id}: {moved.Code}.");
        }
    }

    [LoggerMessage(4110, LogLevel.Error,
        "Top-up {Reference} was told as {Gross} with fee {Fee}, and now as {OtherGross} with fee {OtherFee}")]
    private partial void LogDiffers(string reference, long gross, long fee, long otherGross, long otherFee);
}
