using System.Text.Json;
using FinVault.Escrow;

namespace FinVault.Local.Payments;

/// <summary>What was asked of the simulated provider under a reference.</summary>
/// <param name="Reference">The caller's.</param>
/// <param name="Kind"><c>transfers</c>, <c>payouts</c>, <c>vends</c> or <c>charges</c>.</param>
/// <param name="Content">The whole request; the same reference with another one is refused.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record SimulatedOperation(
    string Reference, string Kind, string Content, long Amount, string Currency, ProviderState State,
    string? Failure = null)
{
    /// <summary>A charge of a payment method whose token begins with <c>declined</c> fails, whatever the switches say.</summary>
    public bool IsDeclined { get; init; }

    /// <summary>Minor units that are kept of a charge.</summary>
    public long Fee { get; init; }
}

/// <summary>A virtual bank account.</summary>
public sealed record SimulatedAccount(string Account, string Currency, string Number);

/// <summary>A webhook, sent until somebody takes it.</summary>
public sealed record SimulatedEvent(string Id, string Type, JsonElement Data, bool Delivered = false);

/// <summary>How calls of the provider go wrong.</summary>
public enum ProviderFaultMode
{
    /// <summary>500, and nothing is done.</summary>
    Before,

    /// <summary>It is done, and then 500.</summary>
    After,

    /// <summary>It is done, and answered late.</summary>
    Slow,

    /// <summary>422: it is refused for good.</summary>
    Refuse,
}

/// <summary>Calls that go wrong.</summary>
/// <param name="On"><c>transfers</c>, <c>payouts</c>, <c>vends</c>, <c>charges</c>, <c>virtual-accounts</c>, <c>operations</c>; null is any.</param>
/// <param name="Mode">How.</param>
/// <param name="Times">How many of them.</param>
/// <param name="Reference">Only references that end so, e.g. <c>-FEE</c> for the second leg of a settlement.</param>
/// <param name="DelayMilliseconds">For <see cref="ProviderFaultMode.Slow"/>.</param>
public sealed record ProviderFault(
    ProviderFaultMode Mode, string? On = null, int Times = 1, string? Reference = null, int DelayMilliseconds = 15_000);

/// <summary>How the provider's webhooks behave.</summary>
/// <param name="Copies">How often each is sent.</param>
/// <param name="Early">Sent before the call that causes it is answered.</param>
/// <param name="Hold">Kept back until they are released, in their order or the other way round.</param>
/// <param name="Outcome">How payouts, vends and charges end; Accepted is not at all, until it is said.</param>
public sealed record ProviderWebhooks(
    int Copies = 1, bool Early = false, bool Hold = false, ProviderState Outcome = ProviderState.Succeeded);

/// <summary>All switches of the simulated provider; <c>PUT /dev/provider/faults</c> takes them.</summary>
public sealed record ProviderFaults(IReadOnlyList<ProviderFault>? Calls = null, ProviderWebhooks? Webhooks = null);
