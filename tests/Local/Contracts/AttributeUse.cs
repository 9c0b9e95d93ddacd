using System.Reflection;
using System.Text.RegularExpressions;

namespace FinVault.Tests.Local.Contracts;

/// <summary>An attribute class's own <see cref="AttributeUsageAttribute"/>.</summary>
public sealed partial record AttributeUse(AttributeTargets Targets, bool AllowMultiple, bool Inherited)
{
    public static AttributeUse? Of(Type attribute) =>
        attribute.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } usage
            ? new(usage.ValidOn, usage.AllowMultiple, usage.Inherited)
            : null;

    /// <summary>Reads <c>[AttributeUsage(AttributeTargets.Class|Struct, …)]</c> from a surface line.</summary>
    public static AttributeUse? Parse(string line)
    {
        Match usage = Usage().Match(line);
        return usage.Success
            ? new(
                Enum.Parse<AttributeTargets>(usage.Groups["targets"].Value.Replace('|', ',')),
                usage.Value.Contains("AllowMultiple = true", StringComparison.Ordinal),
                !usage.Value.Contains("Inherited = false", StringComparison.Ordinal))
            : null;
    }

    [GeneratedRegex(@"\[AttributeUsage\(AttributeTargets\.(?<targets>[\w|]+)[^)]*\)\]")]
    private static partial Regex Usage();
}
