namespace FinVault.Escrow;

/// <summary>Which redemption is settled.</summary>
public sealed record SettlementOrder(string Tenant, string RedemptionId);

/// <summary>What is to be moved, worked out once; every step of the saga gets it.</summary>
/// <param name="Tenant">The merchant's.</param>
/// <param name="RedemptionId">The redemption.</param>
/// <param name="EscrowTenant">The host's.</param>
/// <param name="EscrowId">The escrow.</param>
/// <param name="MerchantId">Who is paid.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Split">How much of it.</param>
/// <param name="TransferIds">The transfers of the ledger that it comes to.</param>
public sealed record SettlementPlan(
    string Tenant, string RedemptionId, string EscrowTenant, string EscrowId, string MerchantId, string Currency,
    SettlementSplit Split, IReadOnlyList<string> TransferIds);

/// <summary>What became of a leg at the provider.</summary>
/// <param name="IsPaid">Or refused for good.</param>
/// <param name="Failure">Why not.</param>
public sealed record LegResult(bool IsPaid, string? Failure = null);

/// <summary>
/// The steps of a settlement. The payment comes before the database (ESC-11): both transfers at the provider, then the
/// ledger, then the escrow, then the redemption. Each can be done again and is then done once.
/// </summary>
public sealed class Settlements
{
    private readonly RedemptionStore _redemptions;
    private readonly EscrowStore _escrows;
    private readonly EscrowMoney _money;
    private readonly IPaymentProvider _provider;
    private readonly EscrowOptions _options;
    private readonly TimeProvider _time;

    internal Settlements(
        RedemptionStore redemptions, EscrowStore escrows, EscrowMoney money, IPaymentProvider provider,
        EscrowOptions options, TimeProvider time)
    {
        (_redemptions, _escrows, _money) = (redemptions, escrows, money);
        (_provider, _options, _time) = (provider, options, time);
    }

    /// <summary>
    /// Takes the escrow for this redemption, so that no release crosses it. Null when it is no longer to be had; the
    /// redemption is cancelled then.
    /// </summary>
    public async Task<SettlementPlan?> BeginAsync(SettlementOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        Redemption? redemption = await _redemptions.FindAsync(order.Tenant, order.RedemptionId, cancellationToken);
        if (redemption is not { State: RedemptionState.Settling })
        {
            return null;
        }

        EscrowDocument escrow = await EscrowAsync(redemption.EscrowTenant, redemption.Escrow, cancellationToken);
        if (escrow is { State: EscrowState.Allocated, Intent: EscrowIntent.None })
        {
            await _escrows.BeginAsync(
                escrow, EscrowIntent.Settle, Microsoft.Azure.Cosmos.PatchOperation.Set("/redemption", redemption.Id),
                cancellationToken);
            escrow = await _escrows.ReadAsync(escrow, cancellationToken);
        }

        bool ours = escrow.Redemption == redemption.Id && escrow is
            { State: EscrowState.Settled } or { State: EscrowState.Allocated, Intent: EscrowIntent.Settle };
        if (!ours)
        {
            await _redemptions.FreeAsync(
                redemption, RedemptionEvent.Cancel, "The card is not good any more.", null, cancellationToken);
            return null;
        }

        SettlementSplit split = SettlementSplit.Of(escrow.Amount, escrow.Fees, _options.ServiceBasisPoints);
        return new(
            redemption.Tenant, redemption.Id, escrow.Tenant, escrow.Id, redemption.Merchant, escrow.Currency, split,
            [EscrowMoney.NetOf(escrow.Id), EscrowMoney.FeeOf(escrow.Id), EscrowMoney.ProviderFeeOf(escrow.Id)]);
    }

    /// <summary>The merchant's leg at the provider.</summary>
    public Task<LegResult> PayNetAsync(SettlementPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return PayAsync(
            EscrowMoney.NetOf(plan.EscrowId), AccountKind.Withdrawal, plan.Split.Net, plan.Currency, cancellationToken);
    }

    /// <summary>The platform's leg at the provider.</summary>
    public Task<LegResult> PayFeeAsync(SettlementPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return PayAsync(
            EscrowMoney.FeeOf(plan.EscrowId), AccountKind.Fee, plan.Split.Fee, plan.Currency, cancellationToken);
    }

    /// <summary>Gives the escrow back to whoever comes next; only while nothing is paid.</summary>
    public async Task UndoAsync(SettlementPlan plan, string failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        EscrowDocument escrow = await EscrowAsync(plan.EscrowTenant, plan.EscrowId, cancellationToken);
        await _escrows.WithdrawAsync(escrow, plan.RedemptionId, cancellationToken);
        if (await _redemptions.FindAsync(plan.Tenant, plan.RedemptionId, cancellationToken) is { } redemption)
        {
            DateTimeOffset until = _time.GetUtcNow() + TimeSpan.FromMinutes(_options.RedemptionMinutes);
            await _redemptions.FreeAsync(redemption, RedemptionEvent.Withdraw, failure, until, cancellationToken);
        }
    }

    /// <summary>Books what was paid.</summary>
    public async Task BookAsync(SettlementPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        EscrowDocument escrow = await EscrowAsync(plan.EscrowTenant, plan.EscrowId, cancellationToken);
        string merchant = PayableMerchant.AccountOf(plan.MerchantId, plan.Currency);
        string platform = LedgerAccount.PlatformId(AccountKind.Fee, plan.Currency);
        string outside = LedgerAccount.PlatformId(AccountKind.Provider, plan.Currency);
        (string Id, string To, AccountKind Kind, long Amount)[] legs =
        [
            (EscrowMoney.NetOf(escrow.Id), merchant, AccountKind.Merchant, plan.Split.Net),
            (EscrowMoney.FeeOf(escrow.Id), platform, AccountKind.Fee, plan.Split.Fee),
            (EscrowMoney.ProviderFeeOf(escrow.Id), outside, AccountKind.Provider, plan.Split.ProviderFee),
        ];
        foreach ((string id, string to, AccountKind kind, long amount) in legs)
        {
            await _money.PayAsync(escrow, id, to, kind, amount, cancellationToken);
        }
    }

    /// <summary>Ends the escrow.</summary>
    public async Task SettleAsync(SettlementPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        EscrowDocument escrow = await EscrowAsync(plan.EscrowTenant, plan.EscrowId, cancellationToken);
        if (escrow.State == EscrowState.Allocated)
        {
            await _escrows.EndAsync(escrow, EscrowState.Settled, null, cancellationToken);
        }
    }

    /// <summary>Ends the redemption.</summary>
    public async Task CompleteAsync(SettlementPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Redemption? redemption = await _redemptions.FindAsync(plan.Tenant, plan.RedemptionId, cancellationToken);
        if (redemption is { State: RedemptionState.Settling })
        {
            await _redemptions.CompleteAsync(redemption, plan.Split, cancellationToken);
        }
    }

    /// <summary>Ends redemptions that nobody confirmed, and names those whose settlement takes too long.</summary>
    internal async Task<List<SettlementOrder>> RecoverAsync(CancellationToken cancellationToken)
    {
        List<SettlementOrder> late = [];
        await foreach (Redemption due in _redemptions.DueAsync(cancellationToken))
        {
            if (due.State == RedemptionState.Settling)
            {
                await _redemptions.PostponeAsync(due, cancellationToken);
                late.Add(new(due.Tenant, due.Id));
            }
            else
            {
                await _redemptions.FreeAsync(due, RedemptionEvent.Expire, null, null, cancellationToken);
            }
        }

        return late;
    }

    private async Task<LegResult> PayAsync(
        string reference, AccountKind to, long amount, string currency, CancellationToken cancellationToken)
    {
        if (amount == 0)
        {
            return new(true);
        }

        ProviderResult result = await _provider.TransferAsync(
            new(reference, AccountKind.Escrow, to, amount, currency), cancellationToken);
        return result.State switch
        {
            ProviderState.Succeeded => new(true),
            ProviderState.Failed => new(false, result.Failure),
            _ => throw new ProviderUnknownException($"The provider has taken {reference} and not done it yet."),
        };
    }

    private async Task<EscrowDocument> EscrowAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await _escrows.FindAsync(tenant, id, cancellationToken)
            ?? throw new InvalidOperationException($"{id} is gone; no escrow is ever removed.");
}
