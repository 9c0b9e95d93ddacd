using System.ComponentModel;
using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>What the nightly run does with an account that has drifted.</summary>
public enum NightlyMode
{
    /// <summary>Nothing: plans are made when the owner asks.</summary>
    OnRequest,

    /// <summary>Makes a plan that the owner may confirm during the day.</summary>
    Propose,

    /// <summary>Makes a plan and records its orders.</summary>
    Automatic,
}

/// <summary>What an account should look like.</summary>
/// <param name="Rules">Targets and what may be done to reach them.</param>
public sealed record RebalanceTargets(RebalanceRules Rules)
{
    [Description("What the nightly run does with it.")]
    public NightlyMode Nightly { get; init; } = NightlyMode.OnRequest;
}

/// <summary>Where a plan stands.</summary>
public enum PlanState
{
    /// <summary>To be reviewed; an account has one such plan at most.</summary>
    Open,

    /// <summary>Its orders are recorded, all of them.</summary>
    Confirmed,

    Cancelled,

    /// <summary>Nobody confirmed it in time, or another took its place.</summary>
    Expired,
}

/// <summary>Who wanted a plan.</summary>
public enum PlanTrigger
{
    Owner,
    Nightly,
}

/// <summary>A plan to review. Money is minor units of the account's currency.</summary>
/// <param name="Id"><c>PLAN_&lt;ULID&gt;</c>.</param>
/// <param name="Account">Of which.</param>
/// <param name="State">Only an open one can be confirmed.</param>
/// <param name="Trigger">Who wanted it.</param>
/// <param name="Currency">ISO 4217 of all money and prices.</param>
/// <param name="AsOf">The oldest of its prices; null without any.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">It cannot be confirmed from then on.</param>
/// <param name="Rules">What it was made by.</param>
/// <param name="Prices">What it was made with.</param>
/// <param name="Plan">The orders, and where they lead.</param>
/// <param name="TradesAt">When the orders that were recorded count; null before.</param>
/// <param name="Transactions">The orders that were recorded.</param>
public sealed record RebalancePlanView(
    string Id, string Account, PlanState State, PlanTrigger Trigger, string Currency, DateTimeOffset? AsOf,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, RebalanceRules Rules, IReadOnlyList<PlanPrice> Prices,
    RebalancePlan Plan, DateTimeOffset? TradesAt, IReadOnlyList<string> Transactions)
{
    public const string Prefix = "PLAN";
}

/// <summary>A plan in a list of them. Money is minor units of the account's currency.</summary>
/// <param name="Id">To read all of it by.</param>
/// <param name="State">Only an open one can be confirmed.</param>
/// <param name="Trigger">Who wanted it.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">It cannot be confirmed from then on.</param>
/// <param name="Orders">How many.</param>
/// <param name="Total">What the account was worth.</param>
/// <param name="Fees">Of all orders.</param>
/// <param name="Tax">That the orders would cause.</param>
/// <param name="TradesAt">When the orders that were recorded count; null before.</param>
public sealed record RebalancePlanSummary(
    string Id, PlanState State, PlanTrigger Trigger, string Currency, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    int Orders, long Total, long Fees, long Tax, DateTimeOffset? TradesAt)
{
    internal RebalancePlanSummary At(DateTimeOffset now) =>
        this with { State = State == PlanState.Open && now >= ExpiresAt ? PlanState.Expired : State };
}

/// <summary>An account's targets, in its partition.</summary>
/// <param name="Account">The partition.</param>
/// <param name="Targets">The owner's.</param>
/// <param name="State">The nightly mode, to be found by.</param>
/// <param name="Night">The last night that dealt with it, <c>yyyy-MM-dd</c>; empty for none.</param>
/// <param name="At">When the owner set them.</param>
[NotAudited("The owner's own wish, replaced whole; what it leads to are transactions, which are a journal.")]
internal sealed record TargetsDocument(
    string Account, RebalanceTargets Targets, NightlyMode State, string Night, DateTimeOffset At)
{
    public const string DocumentId = "rebalance-targets";
    public const string DocumentType = "rebalanceTargets";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = DocumentType;
}

/// <summary>A plan, in its account's partition.</summary>
/// <param name="Id">The plan's.</param>
/// <param name="Account">The partition.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Print">Of the holdings and the cash that it was made from.</param>
/// <param name="TargetsAt">Of the targets that it was made for.</param>
/// <param name="Plan">What the owner sees, as it was made.</param>
/// <param name="Exchanges">Of its symbols, where they are known.</param>
/// <param name="TradesAt">When its orders count; null until it is confirmed.</param>
/// <param name="Transactions">Its orders' ids; empty until it is confirmed.</param>
[NotAudited("A proposal; what comes of it is recorded as transactions, which are a journal.")]
internal sealed record PlanDocument(
    string Id, string Account, PlanState State, string Print, DateTimeOffset TargetsAt, RebalancePlanView Plan,
    IReadOnlyDictionary<string, string?> Exchanges, DateTimeOffset? TradesAt, IReadOnlyList<string> Transactions)
{
    private const int KeptSeconds = 366 * 24 * 3600;

    public string Type { get; init; } = "rebalancePlan";

    public int Ttl { get; init; } = KeptSeconds;

    /// <summary>The night that made it, <c>yyyy-MM-dd</c>; null where the owner asked.</summary>
    public string? Night { get; init; }

    public RebalancePlanView View(DateTimeOffset now) => Plan with
    {
        State = State == PlanState.Open && now >= Plan.ExpiresAt ? PlanState.Expired : State,
        TradesAt = TradesAt,
        Transactions = Transactions,
    };
}

/// <summary>Which plan of an account is open: there is one such document or none.</summary>
[NotAudited("It says which plan is open, and goes with it.")]
internal sealed record PlanSlot(string Account, string Plan, DateTimeOffset ExpiresAt)
{
    public const string DocumentId = "rebalance-slot";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "rebalanceSlot";
}
