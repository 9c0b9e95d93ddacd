using System.Text.Json.Serialization;

namespace FinVault.Giveaways.Draw;

/// <summary>How far a draw has come.</summary>
public enum DrawState
{
    /// <summary>Rules and commitment are public.</summary>
    Committed,

    /// <summary>No more entries; their root is public, the beacon's round is not.</summary>
    Closed,

    /// <summary>The seed is public and the winners are drawn.</summary>
    Revealed,
}

/// <summary>What is public before the reveal.</summary>
/// <param name="Scheme"><see cref="DrawScheme.Name"/>.</param>
/// <param name="State">Committed, or closed.</param>
/// <param name="Rules">What the commitment holds beside the seed.</param>
/// <param name="Commitment">H(serverSeed) with the rules inside, hex.</param>
/// <param name="CommittedAt">When it was published.</param>
/// <param name="ClosedAt">When no more entries were taken; null before.</param>
/// <param name="EntryRoot">The entries' Merkle root, hex; null before the close.</param>
/// <param name="EntryCount">How many entries the root is of; null before the close.</param>
/// <param name="Superseded">Commitments that were made anew before the start, because the plan changed.</param>
public sealed record DrawNotice(
    string Scheme, DrawState State, DrawRules Rules, string Commitment, DateTimeOffset CommittedAt,
    DateTimeOffset? ClosedAt = null, string? EntryRoot = null, int? EntryCount = null,
    IReadOnlyList<SupersededCommitment>? Superseded = null)
{
    /// <summary>
    /// Of a giveaway that was cancelled: the seed, hex. Nothing is drawn with it any more, and attempts that were made
    /// can be checked with it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ServerSeed { get; init; }
}

/// <summary>One round of a beacon.</summary>
/// <param name="Round">Counts from 1.</param>
/// <param name="Signature">The beacon's signature, hex.</param>
/// <param name="Randomness">SHA-256 of the signature, hex.</param>
public sealed record BeaconRound(long Round, string Signature, string Randomness);

/// <summary>An entry's place among winners or runners-up.</summary>
/// <param name="Rank">From 1. Among winners it is also the prize's place in the rules.</param>
/// <param name="Entry">The entry's id.</param>
/// <param name="Prize">The prize's id; null for a runner-up.</param>
/// <param name="Index">The entry's place in the record, and its leaf's in the tree.</param>
/// <param name="Proof">The leaf's audit path (RFC 6962 section 2.1.1), from the leaf upwards, hex.</param>
public sealed record DrawPick(int Rank, string Entry, string? Prize, int Index, IReadOnlyList<string> Proof);

/// <summary>Shows that an entry is among those that a root is of.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Index">Its leaf's place.</param>
/// <param name="Count">Leaves of the tree.</param>
/// <param name="EntryRoot">The published root, hex.</param>
/// <param name="Proof">The audit path, from the leaf upwards, hex.</param>
public sealed record EntryInclusion(
    DrawEntry Entry, int Index, int Count, string EntryRoot, IReadOnlyList<string> Proof);

/// <summary>Where those that take the place of others come from.</summary>
public enum ReplacementKind
{
    /// <summary>The next of the runners-up.</summary>
    RunnersUp,

    /// <summary>A new draw, by H(seed ‖ k), among all that never won.</summary>
    Reroll,
}

/// <summary>A link of the chain of replacements.</summary>
/// <param name="Number">k: 1, 2, 3, …</param>
/// <param name="Kind">Where the new winners come from.</param>
/// <param name="Removed">Entries that lose their place, or may get none any more.</param>
/// <param name="Reason">Why, for everybody to read.</param>
/// <param name="At">When.</param>
/// <param name="Winners">Who got the prizes of those removed, in the prizes' order.</param>
public sealed record Replacement(
    int Number, ReplacementKind Kind, IReadOnlyList<string> Removed, string Reason, DateTimeOffset At,
    IReadOnlyList<DrawPick> Winners);

/// <summary>
/// A draw after its reveal, with everything that a stranger needs to check it: docs/draw.md says how.
/// </summary>
/// <param name="Scheme"><see cref="DrawScheme.Name"/>; another name, another procedure.</param>
/// <param name="Rules">As committed to.</param>
/// <param name="Commitment">As published at <paramref name="CommittedAt"/>, hex.</param>
/// <param name="CommittedAt">When the commitment was published.</param>
/// <param name="ServerSeed">32 bytes, hex; secret until now.</param>
/// <param name="ClosedAt">When no more entries were taken.</param>
/// <param name="Entries">All of them, in the tree's order.</param>
/// <param name="EntryRoot">Their Merkle root, hex.</param>
/// <param name="Beacon">The round that the rules name; null where they name none.</param>
/// <param name="Seed">H(serverSeed ‖ entryRoot ‖ randomness), hex; null without a beacon.</param>
/// <param name="Winners">By rank. Empty in slot-machine mode.</param>
/// <param name="RunnersUp">By rank, from 1.</param>
/// <param name="Receipts">The winning attempts of slot-machine mode.</param>
/// <param name="Replacements">What happened since.</param>
/// <param name="DrawnAt">When.</param>
public sealed record DrawRecord(
    string Scheme, DrawRules Rules, string Commitment, DateTimeOffset CommittedAt, string ServerSeed,
    DateTimeOffset ClosedAt, IReadOnlyList<DrawEntry> Entries, string EntryRoot, BeaconRound? Beacon, string? Seed,
    IReadOnlyList<DrawPick> Winners, IReadOnlyList<DrawPick> RunnersUp, IReadOnlyList<SlotReceipt> Receipts,
    IReadOnlyList<Replacement> Replacements, DateTimeOffset DrawnAt)
{
    [JsonPropertyOrder(-1)]
    public DrawState State { get; } = DrawState.Revealed;

    /// <summary>Who holds each prize now, after all replacements, by the prizes' order.</summary>
    public IReadOnlyList<PrizeHolder> Holders() => PrizeChain.Of(this).Holders;
}

/// <summary>Who holds a prize.</summary>
/// <param name="Rank">The prize's place in the rules, from 1.</param>
/// <param name="Prize">Its id.</param>
/// <param name="Entry">The entry, in slot-machine mode the participant.</param>
public sealed record PrizeHolder(int Rank, string Prize, string Entry);
