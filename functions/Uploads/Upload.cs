using System.Text.Json.Serialization;

namespace FinVault.Uploads;

/// <summary>
/// Where an upload stands: <c>Issued → Published → Confirmed</c>, or from Issued to <c>Refused</c> or <c>Expired</c>.
/// The last three are final.
/// </summary>
public enum UploadState
{
    /// <summary>Its URL is out.</summary>
    Issued,

    /// <summary>What came was what was declared and is in its place; its entity may not know yet. Never goes back.</summary>
    Published,
    Confirmed,
    Refused,
    Expired,
}

/// <summary>One upload, as it is stored in its owner's partition.</summary>
/// <param name="Id"><c>UPLOAD_&lt;ULID&gt;</c>, also the name of its blob in quarantine.</param>
/// <param name="Owner">The user that asked for it.</param>
/// <param name="Tenant">The user's tenant.</param>
/// <param name="Kind">One of <see cref="UploadKind"/>.</param>
/// <param name="EntityId">What it is for.</param>
/// <param name="ContentType">As declared, and as the bytes must show.</param>
/// <param name="Bytes">As declared, exactly.</param>
/// <param name="Sha256">As declared, lower-case hex.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="ExpiresAt">When it is over, if it is not confirmed by then.</param>
/// <param name="DueAt">When the sweeper looks at it next; null when nothing is left to do.</param>
/// <param name="Url">Where it is, once it is published.</param>
/// <param name="Refusal">The problem's code, once it is refused.</param>
public sealed record Upload(
    string Id,
    string Owner,
    string Tenant,
    string Kind,
    string EntityId,
    string ContentType,
    long Bytes,
    string Sha256,
    UploadState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? DueAt,
    Uri? Url = null,
    string? Refusal = null)
{
    /// <summary>Set by the store; what must match when it is written again.</summary>
    [JsonPropertyName("_etag")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ETag { get; init; }

    /// <summary>Where its bytes wait until they are confirmed.</summary>
    [JsonIgnore]
    public string ObjectKey => $"{UploadBlobs.Quarantine}/{Id}";

    /// <summary>Whether it counts against its owner's quota.</summary>
    [JsonIgnore]
    public bool IsOpen => State is UploadState.Issued or UploadState.Published;

    /// <summary>Whether it is sent in blocks.</summary>
    [JsonIgnore]
    public bool InBlocks => Bytes > UploadKind.BlockBytes;
}
