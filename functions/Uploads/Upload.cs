namespace FinVault.Uploads;

/// <summary>Where an upload stands. The last three are final.</summary>
public enum UploadState
{
    Issued,
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
/// <param name="Url">Where it is, once it is confirmed.</param>
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
    Uri? Url = null,
    string? Refusal = null)
{
    /// <summary>Set by the store; what must match when it is written again.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("_etag")]
    public string? ETag { get; init; }

    /// <summary>Where its bytes wait until they are confirmed.</summary>
    public string ObjectKey => $"{UploadBlobs.Quarantine}/{Id}";

    public bool IsOpen => State == UploadState.Issued;
}
