using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FinVault.Platform;
using Microsoft.Azure.Cosmos;

namespace FinVault.Audit;

/// <summary>Who made a change, written with the change itself into the document, as <c>changedBy</c>.</summary>
/// <param name="Id">Of this change alone: a change that forgot its stamp is known by the stamp of the one before.</param>
/// <param name="By">As <see cref="Acting.By"/>.</param>
/// <param name="Via">The function.</param>
/// <param name="CorrelationId">Of the request or invocation.</param>
/// <param name="At">When that began.</param>
/// <param name="Kind">Of the document, where it is patched.</param>
public sealed record ChangeStamp(
    string Id, string By, string Via, string CorrelationId, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kind = null)
{
    public const string Field = "changedBy";

    /// <summary>The stamp of a change that is made now.</summary>
    public static ChangeStamp Now()
    {
        Acting acting = Acting.Current;
        return new(Ids.New("CHANGE", acting.At), acting.By, acting.Via, Correlation.Current, acting.At);
    }

    /// <summary>To be added to every patch of an audited document; one of the ten operations that a patch may have.</summary>
    /// <param name="kind">The document's <c>type</c>.</param>
    public static PatchOperation Patch(string kind) => PatchOperation.Set($"/{Field}", Now() with { Kind = kind });

    /// <summary>The condition that a document is as a change left it.</summary>
    public static string Unchanged(string stamp) => $"c.{Field}.id = '{stamp}'";

    /// <summary>Writes a stamp into every audited document that is created or replaced.</summary>
    public static void StampAudited(JsonTypeInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.Kind != JsonTypeInfoKind.Object || info.Type.GetCustomAttribute<AuditedAttribute>() is null)
        {
            return;
        }

        JsonPropertyInfo stamp = info.CreateJsonPropertyInfo(typeof(ChangeStamp), Field);
        stamp.Get = _ => Now();
        info.Properties.Add(stamp);
    }
}
