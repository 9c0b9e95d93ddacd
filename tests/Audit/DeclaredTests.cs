using System.Reflection;
using System.Text.Json.Nodes;
using FinVault.Audit;

namespace FinVault.Tests.Audit;

/// <summary>Nothing is stored of which nobody has said whether it is audited.</summary>
public sealed class DeclaredTests
{
    public static TheoryData<Type> StoredTypes() => [.. Stored().OrderBy(type => type.FullName, StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(StoredTypes))]
    public void EveryStoredType_SaysWhetherItIsAudited(Type type) => Assert.True(
        type.IsDefined(typeof(AuditedAttribute)) ^ type.IsDefined(typeof(NotAuditedAttribute)),
        $"{type} says neither [Audited(\"kind\")] nor [NotAudited(\"why\")], or both.");

    [Fact]
    public void StoredTypes_AreFound() => Assert.True(Stored().Count() > 40, $"Only {Stored().Count()} were found.");

    [Fact]
    public void EveryReason_IsASentence() => Assert.All(
        Stored().Select(type => type.GetCustomAttribute<NotAuditedAttribute>()).OfType<NotAuditedAttribute>(),
        reason => Assert.EndsWith(".", reason.Why, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(StoredTypes))]
    public void EveryAuditedType_HasWhatItsDeclarationNames(Type type)
    {
        if (type.GetCustomAttribute<AuditedAttribute>() is not { } declared)
        {
            return;
        }

        // As documents are stored, which is what the trail reads.
        JsonObject document = Sample.Of(type);
        Assert.Equal(declared.Kind, (string?)document["type"]);
        Assert.All(
            new[] { declared.Subject, declared.Tenant }.OfType<string>(),
            field => Assert.True(document.ContainsKey(field), $"{type} has no field {field}."));
    }

    /// <summary>What the stores write: it has an id and says its type, by a field that is set with the rest.</summary>
    private static IEnumerable<Type> Stored() => typeof(AuditedAttribute).Assembly.GetTypes().Where(type =>
        !type.IsAbstract && type.Namespace?.StartsWith("FinVault.Local", StringComparison.Ordinal) != true
        && ((type.GetProperty("Id") is not null && type.GetProperty("Type") is { CanWrite: true } kind
                && kind.PropertyType == typeof(string)
                && !type.GetConstructors().SelectMany(one => one.GetParameters()).Any(one => one.Name == "Type"))
            || type.IsDefined(typeof(AuditedAttribute)) || type.IsDefined(typeof(NotAuditedAttribute))));
}
