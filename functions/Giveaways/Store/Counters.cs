using FinVault.Audit;

namespace FinVault.Giveaways;

/// <summary>
/// What prizes fall through. A prize is taken by a patch of <c>remaining</c> under <c>open = true AND remaining &gt;=
/// n</c> in one batch with the winner, so no more fall than there are, and none when the giveaway does not run.
/// </summary>
/// <param name="Giveaway">The partition.</param>
/// <param name="Prizes">How many there are in all.</param>
/// <param name="Remaining">How many are left.</param>
/// <param name="Open">Whether any may fall.</param>
[NotAudited("It is a counter.")]
public sealed record PrizeGate(string Giveaway, int Prizes, int Remaining, bool Open)
{
    public const string DocumentId = "gate";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "gate";
}

/// <summary>How many take part; a document of its own, so that registering and winning do not meet.</summary>
[NotAudited("It is a counter.")]
public sealed record EntryCounter(string Giveaway, int Entries)
{
    public const string DocumentId = "entries";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "entries";
}

/// <summary>
/// Attempts of one process in a stretch of time: what dashboards and odds count by, off the hot path.
/// </summary>
/// <param name="Id"><c>TALLY_&lt;ULID&gt;</c> of the process' lane, with the stretch.</param>
/// <param name="Giveaway">The partition.</param>
/// <param name="Bucket">When the stretch began.</param>
/// <param name="Attempts">Attempts that counted.</param>
/// <param name="Wins">Those that won.</param>
[NotAudited("It is a counter.")]
public sealed record AttemptTally(string Id, string Giveaway, DateTimeOffset Bucket, long Attempts, long Wins)
{
    public string Type { get; init; } = "tally";
}
