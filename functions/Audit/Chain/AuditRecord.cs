using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using FinVault.Platform;

namespace FinVault.Audit;

/// <summary>
/// One line of an entity's trail, in the container <c>audit</c>. It carries the hash of the line before, so that none
/// can be changed, taken out or moved without breaking the chain.
/// </summary>
/// <param name="Entity">The partition: <c>kind:id</c>, or <c>kind:partition:id</c> where the id alone names nothing.</param>
/// <param name="Version">From 1, without gaps.</param>
/// <param name="Kind">Of the entity.</param>
/// <param name="Name">What happened: <c>created</c>, <c>changed</c>, <c>deleted</c>, or a business event's name.</param>
/// <param name="Tenant">Who may see it, beside auditors; null for nobody.</param>
/// <param name="Actor">As <see cref="Acting.By"/>; <c>unknown</c> where the change did not say.</param>
/// <param name="Via">The function.</param>
/// <param name="CorrelationId">Of the request.</param>
/// <param name="At">When it was made, or when it was noticed if the change did not say.</param>
/// <param name="Subject">Under whose data key the content stands; null where it is readable as it is.</param>
/// <param name="Content">JSON of <see cref="AuditContent"/>, closed if there is a subject; null when the key was gone.</param>
/// <param name="PreviousHash">Of the line before; of the first, 64 zeros.</param>
[NotAudited("It is the audit trail itself.")]
internal sealed record AuditRecord(
    string Entity, long Version, string Kind, string Name, string? Tenant, string Actor, string Via, string CorrelationId,
    DateTimeOffset At, string? Subject, string? Content, string PreviousHash)
{
    public const string DocumentType = "record";
    public const string FirstHash = "0000000000000000000000000000000000000000000000000000000000000000";

    public string Id { get; init; } = IdOf(Version);

    public string Type { get; init; } = DocumentType;

    /// <summary>Sorts by time over all entities, and is no other line's.</summary>
    public string Place { get; init; } =
        string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks:D19}|{Entity}|{Version:D10}");

    public string Hash { get; init; } = "";

    [JsonIgnore]
    public bool IsIntact => Hash == ComputeHash();

    public static string IdOf(long version) => string.Create(CultureInfo.InvariantCulture, $"V{version:D10}");

    /// <summary>SHA-256 of every field, each with its length before it, so that no two lines of fields are one text.</summary>
    public string ComputeHash()
    {
        StringBuilder text = new();
        string?[] fields =
        [
            PreviousHash, Entity, Version.ToString(CultureInfo.InvariantCulture), Kind, Name, Tenant, Actor, Via,
            CorrelationId, At.UtcTicks.ToString(CultureInfo.InvariantCulture), Place, Subject, Content,
        ];
        foreach (string? field in fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"{field?.Length ?? -1}:{field}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>What a line tells: differences, or what there is to know of an event.</summary>
internal sealed record AuditContent(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldChange>? Changes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] System.Text.Json.Nodes.JsonNode? Details = null);

/// <summary>The end of an entity's chain: fences it, and knows what the next change is compared with.</summary>
/// <param name="Entity">The partition.</param>
/// <param name="Kind">Of the entity.</param>
/// <param name="Tenant">Who may see it.</param>
/// <param name="Version">Of the last line.</param>
/// <param name="Hash">Of the last line.</param>
/// <param name="Open">Whether no seal holds this version yet.</param>
/// <param name="Subject">Under whose key <see cref="State"/> stands.</param>
/// <param name="State">The document as it was audited last, closed if there is a subject; null for none.</param>
/// <param name="Stamp">Of the change that was audited last.</param>
/// <param name="Source">Where the document stood then.</param>
[NotAudited("It is the audit trail itself.")]
internal sealed record AuditHead(
    string Entity, string Kind, string? Tenant, long Version, string Hash, bool Open, string? Subject = null,
    string? State = null, string? Stamp = null, ChangeSource? Source = null)
{
    public const string DocumentId = "head";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = DocumentId;
}

/// <summary>A version of a document, as the store counts: a change that comes again is known by it.</summary>
/// <param name="Partition">Where the document is.</param>
/// <param name="DocumentId">Its id.</param>
/// <param name="ETag">Of this version.</param>
/// <param name="Sequence">The change feed's number of it.</param>
/// <param name="Second">Unix time of it.</param>
/// <param name="Deleted">Whether it was the last there was.</param>
internal sealed record ChangeSource(
    string Partition, string DocumentId, string ETag, long Sequence, long Second, bool Deleted = false);
