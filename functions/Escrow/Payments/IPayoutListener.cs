namespace FinVault.Escrow;

/// <summary>
/// Whoever asked for payouts, vends or charges is told how they ended. Events come repeatedly, late, before the call that caused
/// them is answered, and in any order; a listener does what is to be done once. A transient failure is tried again.
/// </summary>
public interface IPayoutListener
{
    /// <summary>The prefix of its references, e.g. <c>WITHDRAWAL</c> for <c>WITHDRAWAL_01ARZ…</c>.</summary>
    string Kind { get; }

    Task SucceededAsync(PayoutNotice notice, CancellationToken cancellationToken);

    Task FailedAsync(PayoutNotice notice, CancellationToken cancellationToken);
}

/// <summary>The end of a payout, vend or charge.</summary>
/// <param name="Reference">Ours.</param>
/// <param name="Amount">Minor units, as the provider says.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Failure">The provider's reason when it failed.</param>
/// <param name="EventId">The event that told it; of a look-up, null.</param>
/// <param name="Fee">Minor units that the provider keeps of a charge.</param>
public sealed record PayoutNotice(
    string Reference, long Amount, string Currency, string? Failure = null, string? EventId = null, long Fee = 0);
