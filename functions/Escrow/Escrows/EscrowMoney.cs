namespace FinVault.Escrow;

/// <summary>
/// The ledger transfers of an escrow. Their ids are made of the escrow's, so whoever does one again does nothing; the
/// accounts are opened on first use.
/// </summary>
internal sealed class EscrowMoney(Ledger ledger, WalletCache wallets)
{
    public static string HoldOf(string escrowId) => $"{escrowId}-HOLD";

    public static string ReleaseOf(string escrowId) => $"{escrowId}-RELEASE";

    public static string NetOf(string escrowId) => $"{escrowId}-NET";

    public static string FeeOf(string escrowId) => $"{escrowId}-FEE";

    public static string ProviderFeeOf(string escrowId) => $"{escrowId}-PROVIDERFEE";

    /// <summary>Takes the money from the wallet; false when it has not enough.</summary>
    public async Task<bool> HoldAsync(EscrowDocument escrow, CancellationToken cancellationToken)
    {
        string wallet = Wallets.AccountOf(escrow.Tenant, escrow.Currency);
        await ledger.OpenAccountAsync(wallet, AccountKind.Host, escrow.Currency, cancellationToken);
        string reserve = await OpenAsync(AccountKind.Escrow, escrow.Currency, cancellationToken);
        TransferResult held = await ledger.TransferAsync(
            new(HoldOf(escrow.Id), wallet, reserve, escrow.Amount, escrow.Currency, escrow.Reference), cancellationToken);
        wallets.Changed(wallet);
        return held.Code != TransferCode.InsufficientFunds && Expect(held, escrow);
    }

    /// <summary>Whether money was ever taken for it.</summary>
    public async Task<bool> HasHoldAsync(EscrowDocument escrow, CancellationToken cancellationToken) =>
        await ledger.FindTransferAsync(HoldOf(escrow.Id), cancellationToken) is not null;

    public async Task GiveBackAsync(EscrowDocument escrow, CancellationToken cancellationToken)
    {
        string reserve = LedgerAccount.PlatformId(AccountKind.Escrow, escrow.Currency);
        string wallet = Wallets.AccountOf(escrow.Tenant, escrow.Currency);
        Expect(
            await ledger.TransferAsync(
                new(ReleaseOf(escrow.Id), reserve, wallet, escrow.Amount, escrow.Currency, escrow.Reference),
                cancellationToken),
            escrow);
        wallets.Changed(wallet);
    }

    /// <summary>Pays out of the reserve, to a platform account or a merchant's. Nothing to do for nothing.</summary>
    public async Task PayAsync(
        EscrowDocument escrow, string id, string to, AccountKind kind, long amount, CancellationToken cancellationToken)
    {
        if (amount == 0)
        {
            return;
        }

        await ledger.OpenAccountAsync(to, kind, escrow.Currency, cancellationToken);
        string reserve = LedgerAccount.PlatformId(AccountKind.Escrow, escrow.Currency);
        Expect(
            await ledger.TransferAsync(
                new(id, reserve, to, amount, escrow.Currency, escrow.Reference), cancellationToken),
            escrow);
    }

    private async Task<string> OpenAsync(AccountKind kind, string currency, CancellationToken cancellationToken)
    {
        string account = LedgerAccount.PlatformId(kind, currency);
        await ledger.OpenAccountAsync(account, kind, currency, cancellationToken);
        return account;
    }

    // Each of these is covered by what was held before, so a refusal means that the books are wrong.
    private static bool Expect(TransferResult result, EscrowDocument escrow) => result.IsDone
        ? true
        : throw new InvalidOperationException($"{escrow.Id}: the ledger refused a transfer: {result.Code}.");
}
