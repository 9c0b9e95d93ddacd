namespace FinVault.Audit;

/// <summary>
/// Every change of such a document is kept in the audit trail, with who made it, from where to where. The document has
/// a field <c>type</c> with the kind's name. Every type that is stored declares this or <see cref="NotAuditedAttribute"/>.
/// </summary>
/// <param name="kind">The kind, which is also the document's <c>type</c>.</param>
/// <param name="container">Where such documents stand, of <see cref="Platform.Containers"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AuditedAttribute(string kind, string container) : Attribute
{
    public string Kind { get; } = kind;

    public string Container { get; } = container;

    /// <summary>
    /// The field with the user or tenant whose data it is: contents are encrypted under their key, so that nothing can
    /// be read any more once it is destroyed. Null for what is about nobody.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>The field with the tenant or merchant that may see the trail; null for the system's own.</summary>
    public string? Tenant { get; init; } = "tenant";
}

/// <summary>Changes of such documents, or of this field, are not kept in the audit trail.</summary>
/// <param name="why">For whoever reviews what is not.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class NotAuditedAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}

/// <summary>
/// A secret: the audit trail tells that it has changed, and never what it is or was.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SensitiveAttribute : Attribute;
