using System.Text.Json.Serialization;
using FinVault.Audit;
using FinVault.Giveaways.Draw;

namespace FinVault.Giveaways;

/// <summary>Somebody who takes part, with all their attempts: one document, which only their own calls touch.</summary>
/// <param name="Id"><c>PARTICIPANT_&lt;ULID&gt;</c>: public in the draw's record, and tells nobody who it is.</param>
/// <param name="Giveaway">The partition.</param>
/// <param name="Name">As given; shown to the host, to others masked.</param>
/// <param name="Contact">Where they are told; never shown to others.</param>
/// <param name="ContactId">The document that keeps the contact unique.</param>
/// <param name="TokenHash">SHA-256 of the token, hex; the token itself is kept nowhere.</param>
/// <param name="At">When they registered.</param>
/// <param name="Bucket">The bar of the time series that falls into.</param>
[NotAudited("Attempts change it by the thousand; what they brought is proven by the draw.")]
public sealed record Participant(
    string Id, string Giveaway, string Name, string Contact, string ContactId, string TokenHash, DateTimeOffset At,
    DateTimeOffset Bucket)
{
    public const string Prefix = "PARTICIPANT";
    public const string DocumentType = "participant";

    public string Type { get; init; } = DocumentType;

    /// <summary>Attempts so far; the number of the next is one more.</summary>
    public int AttemptCount { get; init; }

    /// <summary>Prizes won so far.</summary>
    public int Prizes { get; init; }

    /// <summary>In condition mode, what their tasks brought.</summary>
    public long Points { get; init; }

    /// <summary>In condition mode, Unix milliseconds of the last point.</summary>
    public long CompletedAtMilliseconds { get; init; }

    /// <summary>Their place among the others, see <see cref="Standing.RankOf"/>; null without points.</summary>
    public string? Rank { get; init; }

    /// <summary>Every attempt by its id, with its receipt.</summary>
    public IReadOnlyDictionary<string, SlotReceipt> Attempts { get; init; } = new Dictionary<string, SlotReceipt>();

    /// <summary>Set by the store.</summary>
    [JsonPropertyName("_etag"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ETag { get; init; }
}

/// <summary>Keeps a contact unique in a giveaway, without telling whose it is.</summary>
/// <param name="Id">Of the contact's hash.</param>
/// <param name="Giveaway">The partition.</param>
/// <param name="Participant">Who registered with it.</param>
[NotAudited("It follows from the participant.")]
public sealed record ContactClaim(string Id, string Giveaway, string Participant)
{
    public string Type { get; init; } = "contact";
}
