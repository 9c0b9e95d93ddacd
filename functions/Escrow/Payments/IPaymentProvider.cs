namespace FinVault.Escrow;

/// <summary>
/// The payment provider: who keeps the real money in the sub-accounts (ESC-02), pays merchants' banks and loads
/// airtime. Every call carries a reference of ours and is done once however often it comes with it.
/// </summary>
/// <remarks>
/// A call that is not answered throws (<see cref="ProviderUnknownException"/>): what became of it is unknown, and
/// <see cref="FindAsync"/> tells before it is repeated. While the breaker is open a call throws
/// <see cref="Polly.CircuitBreaker.BrokenCircuitException"/>, and while too many calls are under way
/// <see cref="Platform.Resilience.DependencyBusyException"/>, before anything is tried. All are failures that pass
/// (<see cref="Platform.Failures.IsTransient"/>).
/// </remarks>
public interface IPaymentProvider
{
    /// <summary>False while the breaker is open: begin nothing that would need the provider (ESC-23).</summary>
    bool IsAvailable { get; }

    /// <summary>Moves money between two sub-accounts, at once: Succeeded or Failed.</summary>
    Task<ProviderResult> TransferAsync(InternalTransfer transfer, CancellationToken cancellationToken);

    /// <summary>Pays to a bank account: Accepted; <c>payout_success</c> or <c>payout_failed</c> follows, or precedes.</summary>
    Task<ProviderResult> PayOutAsync(Payout payout, CancellationToken cancellationToken);

    /// <summary>Loads airtime: Accepted, and the same events as of a payout.</summary>
    Task<ProviderResult> VendAsync(AirtimeVend vend, CancellationToken cancellationToken);

    /// <summary>
    /// Takes money from a user's payment method: as a payout, but told by <c>charge_success</c> or <c>charge_failed</c>.
    /// </summary>
    Task<ProviderResult> ChargeAsync(Charge charge, CancellationToken cancellationToken);

    /// <summary>The bank account that a wallet is topped up through; always the same for a wallet.</summary>
    Task<VirtualAccount> OpenVirtualAccountAsync(
        string walletAccount, string currency, CancellationToken cancellationToken);

    /// <summary>What became of a reference; null when the provider never heard of it.</summary>
    Task<ProviderResult?> FindAsync(string reference, CancellationToken cancellationToken);
}

/// <summary>Where an operation stands at the provider.</summary>
public enum ProviderState
{
    /// <summary>Taken; an event will say how it ends.</summary>
    Accepted,

    /// <summary>Done. Final.</summary>
    Succeeded,

    /// <summary>Not done, and it never will be under this reference. Final.</summary>
    Failed,
}

/// <summary>What the provider says of an operation.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Reference">Ours.</param>
/// <param name="Failure">The provider's reason when it failed; for operators, never shown to a user (ESC-25).</param>
/// <param name="Fee">Minor units that the provider keeps of a charge.</param>
public sealed record ProviderResult(ProviderState State, string Reference, string? Failure = null, long Fee = 0);

/// <summary>A move between sub-accounts, e.g. Escrow to Withdrawal.</summary>
/// <param name="Reference">Ours, e.g. <c>{escrowId}-NET</c>.</param>
/// <param name="From">Main, Escrow, Withdrawal or Fee.</param>
/// <param name="To">Another of them.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record InternalTransfer(
    string Reference, AccountKind From, AccountKind To, long Amount, string Currency);

/// <summary>A payment to a bank account, out of the sub-account Withdrawal.</summary>
/// <param name="Reference">Ours; its prefix up to the first <c>_</c> names the <see cref="IPayoutListener"/>.</param>
/// <param name="BankAccount">As the merchant gave it.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record Payout(string Reference, string BankAccount, long Amount, string Currency);

/// <summary>Airtime for a phone, out of the sub-account Escrow.</summary>
/// <param name="Reference">Ours; its prefix up to the first <c>_</c> names the <see cref="IPayoutListener"/>.</param>
/// <param name="Phone">E.164, such as <c>+919876543210</c>.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record AirtimeVend(string Reference, string Phone, long Amount, string Currency);

/// <summary>A payment by a user.</summary>
/// <param name="Reference">Ours; its prefix up to the first <c>_</c> names the <see cref="IPayoutListener"/>.</param>
/// <param name="PaymentMethod">The provider's token of it.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record Charge(string Reference, string PaymentMethod, long Amount, string Currency);

/// <summary>A bank account of the provider that stands for one wallet.</summary>
/// <param name="Number">What a host transfers money to.</param>
/// <param name="Bank">The bank, for people.</param>
public sealed record VirtualAccount(string Number, string Bank);

/// <summary>The provider did not answer, or not in a way that says what became of the call.</summary>
public sealed class ProviderUnknownException(string message, Exception? inner = null)
    : TimeoutException(message, inner);
