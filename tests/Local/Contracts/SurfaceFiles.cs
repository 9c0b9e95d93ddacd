using System.Text.RegularExpressions;

namespace FinVault.Tests.Local.Contracts;

/// <summary>The public surfaces of Azure's packages: text files, one type or member a line.</summary>
public sealed partial class SurfaceFiles
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeUse> _usages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);

    public static SurfaceFiles Read(string folder)
    {
        SurfaceFiles files = new();
        foreach (string line in Directory.EnumerateFiles(folder, "*.txt").SelectMany(File.ReadLines))
        {
            string plain = Plain(line);
            files._members.Add(plain);
            if (TypeLine().Match(plain) is { Success: true } type)
            {
                files._types.TryAdd(type.Groups["name"].Value, plain);
                if (AttributeUse.Parse(line) is { } usage)
                {
                    files._usages.TryAdd(type.Groups["name"].Value, usage);
                }
            }
        }

        return files;
    }

    /// <summary>The type's line (<c>Namespace.Type : kind : bases where …</c>), or null where there is none.</summary>
    public string? Type(string name) => _types.GetValueOrDefault(name);

    /// <summary>What the attribute itself says that it may be put on, or null where it inherits that.</summary>
    public AttributeUse? Usage(string name) => _usages.GetValueOrDefault(name);

    public bool HasMember(string line) => _members.Contains(line);

    /// <summary>The lines of the members of that name, for a message.</summary>
    public IEnumerable<string> Named(string member) => _members
        .Where(line => line.StartsWith(member, StringComparison.Ordinal)
            && line.Length > member.Length && !char.IsLetterOrDigit(line[member.Length]));

    /// <summary>Attributes are dropped, but for the one that turns a use into a warning.</summary>
    private static string Plain(string line)
    {
        string withoutFlow = FlowAttribute().Replace(line, "");
        Match attributes = Attributes().Match(withoutFlow);
        return !attributes.Success ? withoutFlow : withoutFlow[..attributes.Index]
            + (attributes.Value.Contains("[Obsolete", StringComparison.Ordinal) ? " [Obsolete]" : "");
    }

    [GeneratedRegex(@"^(?<name>[\w.]+(<[\w, ]+>)?) : ((static|abstract|sealed) )?(class|struct|interface|enum|delegate)\b")]
    private static partial Regex TypeLine();

    [GeneratedRegex(@" ?\[(NotNullWhen|MaybeNullWhen)\(\w+\)\](?= out )")]
    private static partial Regex FlowAttribute();

    [GeneratedRegex(@" \[[A-Z].*$")]
    private static partial Regex Attributes();
}
