using System.Text.Json.Serialization;
using FinVault.Audit;

namespace FinVault.Giveaways.Draw;

/// <summary>A commitment that was made anew before the start, because the plan changed.</summary>
/// <param name="Commitment">The older commitment, hex.</param>
/// <param name="CommittedAt">When it was published.</param>
/// <param name="SupersededAt">When it was replaced.</param>
public sealed record SupersededCommitment(string Commitment, DateTimeOffset CommittedAt, DateTimeOffset SupersededAt);

/// <summary>
/// A draw as it is stored: what it is made from, never what follows from that. The record is computed anew when it is
/// asked for, and held against <see cref="Result"/>.
/// </summary>
/// <param name="Giveaway">Partition key.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Rules">As committed to.</param>
/// <param name="ServerSeed">Encrypted, see <see cref="Identity.SecretBox"/>; hex once it is public.</param>
/// <param name="CommittedAt">When the commitment was published.</param>
/// <param name="StartsAt">From then on the commitment stands.</param>
[NotAudited("It is proven by its own commitment, root and reveal.")]
internal sealed record DrawDocument(
    string Giveaway, DrawState State, DrawRules Rules, string ServerSeed, string Commitment,
    DateTimeOffset CommittedAt, DateTimeOffset StartsAt)
{
    public const string DocumentId = "draw";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "draw";

    public DateTimeOffset? ClosedAt { get; init; }

    public string? EntryRoot { get; init; }

    /// <summary>When the seed of a cancelled giveaway became public, without a draw.</summary>
    public DateTimeOffset? DisclosedAt { get; init; }

    /// <summary>Whether everybody may know the seed.</summary>
    [JsonIgnore]
    public bool IsSeedPublic => State == DrawState.Revealed || DisclosedAt is not null;

    /// <summary>How many entries and receipts stand in the parts.</summary>
    public int EntryCount { get; init; }

    public int ReceiptCount { get; init; }

    /// <summary>The parts belong to this close; one that was not finished leaves others behind.</summary>
    public string? Parts { get; init; }

    public BeaconRound? Beacon { get; init; }

    public DateTimeOffset? DrawnAt { get; init; }

    /// <summary>SHA-256 over winners and runners-up, hex, from when they were drawn first.</summary>
    public string? Result { get; init; }

    public IReadOnlyList<StoredReplacement> Replacements { get; init; } = [];

    public IReadOnlyList<SupersededCommitment> Superseded { get; init; } = [];

    [JsonPropertyName("_etag"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ETag { get; init; }

    public DrawNotice ToNotice() => new(
        DrawScheme.Name, State, Rules, Commitment, CommittedAt, ClosedAt, EntryRoot,
        State == DrawState.Committed ? null : EntryCount, Superseded)
    {
        ServerSeed = DisclosedAt is null ? null : ServerSeed,
    };
}

/// <summary>What a replacement was asked for; whom it brings follows.</summary>
internal sealed record StoredReplacement(
    string Operation, ReplacementKind Kind, IReadOnlyList<string> Removed, string Reason, DateTimeOffset At);

/// <summary>A part of the entries or receipts: a document holds 2 MB at most.</summary>
[NotAudited("It is proven by its own commitment, root and reveal.")]
internal sealed record DrawPart<T>(string Id, string Giveaway, IReadOnlyList<T> Items)
{
    public string Type { get; init; } = "drawPart";
}
