namespace FinVault.Giveaways;

/// <summary>A try to fund a giveaway.</summary>
public sealed record FundingRun(string Giveaway, int Run);

/// <summary>A prize's escrow, to be made or given back.</summary>
/// <param name="Giveaway">The giveaway.</param>
/// <param name="Run">The try.</param>
/// <param name="Prize">The prize.</param>
/// <param name="EscrowId">The escrow.</param>
/// <param name="TransferId">The ledger transfer that fills it.</param>
public sealed record FundingHold(string Giveaway, int Run, string Prize, string EscrowId, string TransferId);

/// <summary>What a try takes.</summary>
/// <param name="Refusal">Why it cannot even begin.</param>
/// <param name="Holds">One a prize.</param>
public sealed record FundingPlan(string? Refusal, IReadOnlyList<FundingHold> Holds);

/// <summary>A try that failed.</summary>
/// <param name="Failure">Why.</param>
/// <param name="Unreleased">Escrows that could not be given back.</param>
public sealed record FundingFailure(string Giveaway, int Run, string Failure, IReadOnlyList<string> Unreleased);

/// <summary>Escrows of a try that the prizes forget.</summary>
public sealed record EscrowsToForget(string Giveaway, IReadOnlyList<string> EscrowIds);

/// <summary>A prize that is given to its winner, or back to the host.</summary>
/// <param name="Giveaway">The giveaway.</param>
/// <param name="Prize">The prize.</param>
/// <param name="EscrowId">The escrow behind it.</param>
/// <param name="ClaimBy">Until when the winner may claim; null for one that goes back.</param>
/// <param name="TransferId">The ledger transfer that gives the money back; null for one that was won.</param>
public sealed record PrizeStep(
    string Giveaway, string Prize, string EscrowId, DateTimeOffset? ClaimBy = null, string? TransferId = null);

/// <summary>What the end of a giveaway takes.</summary>
/// <param name="Won">Prizes for their winners.</param>
/// <param name="Left">Prizes that nobody won.</param>
/// <param name="ClaimBy">Until when winners may claim.</param>
public sealed record SettlementPlan(
    IReadOnlyList<PrizeStep> Won, IReadOnlyList<PrizeStep> Left, DateTimeOffset ClaimBy);

/// <summary>The last steps of a settlement.</summary>
public sealed record SettlementEnd(string Giveaway, DateTimeOffset ClaimBy);

/// <summary>A round in which prizes that were not claimed find somebody else.</summary>
public sealed record ClaimRound(string Giveaway, int Round);

/// <summary>What a round takes.</summary>
/// <param name="Back">Every prize that was not claimed: its escrow is given back.</param>
/// <param name="HandOn">Those that go to a runner-up, with an escrow of their own.</param>
/// <param name="ClaimBy">Until when the runners-up may claim.</param>
public sealed record ReclaimPlan(
    IReadOnlyList<PrizeStep> Back, IReadOnlyList<HandOn> HandOn, DateTimeOffset ClaimBy);

/// <summary>A prize that goes to a runner-up.</summary>
public sealed record HandOn(
    string Giveaway, int Round, string Prize, string EscrowId, string TransferId, string Participant,
    DateTimeOffset ClaimBy);

/// <summary>The last step of a round.</summary>
/// <param name="ClaimBy">Until when the runners-up may claim; null when there are none.</param>
public sealed record ClaimRoundEnd(string Giveaway, int Round, DateTimeOffset? ClaimBy);
