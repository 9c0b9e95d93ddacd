using System.Reflection;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.Contracts;

/// <summary>
/// local/contracts declares what the Azure packages have and nothing else: a declaration that the real package does
/// not have would compile here and fail in Azure.
/// </summary>
public sealed class ContractTests
{
    /// <summary>Namespaces of DurableTask.Core and Microsoft.Azure.SignalR.Common, of which there is no surface file.</summary>
    private static readonly string[] Unlisted =
        ["DurableTask.Core", "DurableTask.Core.Exceptions", "DurableTask.Core.History", "Microsoft.Azure.SignalR"];

    private static readonly Assembly Contracts = typeof(FunctionContext).Assembly;

    [SharedDataFact("api")]
    public void EveryType_IsOneOfTheRealPackages()
    {
        SurfaceFiles real = SurfaceFiles.Read(Repository.Shared("api"));

        Assert.NotEmpty(Types());
        AssertNone(Types().Select(type => WrongKind(type, real)).OfType<string>());
    }

    [SharedDataFact("api")]
    public void EveryMember_IsExactlyTheRealPackages()
    {
        SurfaceFiles real = SurfaceFiles.Read(Repository.Shared("api"));

        IEnumerable<string> wrong = Types().SelectMany(PublicSurface.Members)
            .Where(line => !real.HasMember(line))
            .Select(line => $"{line}\n    real: {string.Join("\n          ", real.Named(line.Split('(', ' ')[0]))}");

        AssertNone(wrong);
    }

    [SharedDataFact("api")]
    public void EveryAttribute_GoesWhereTheRealOneGoes()
    {
        SurfaceFiles real = SurfaceFiles.Read(Repository.Shared("api"));

        IEnumerable<string> wrong = Types()
            .Where(type => typeof(Attribute).IsAssignableFrom(type))
            .Select(type => (Type: type, Declared: AttributeUse.Of(type), Real: real.Usage(TypeNames.Plain(type))))
            .Where(use => use.Declared != use.Real)
            .Select(use => $"{use.Type}: declared {use.Declared}, really {use.Real}");

        AssertNone(wrong);
    }

    private static void AssertNone(IEnumerable<string> wrong) =>
        Assert.True(!wrong.Any(), "Declared, but not so in the real package:\n" + string.Join("\n", wrong));

    private static Type[] Types() =>
        [.. Contracts.GetExportedTypes().Where(type => !Unlisted.Contains(type.Namespace))];

    private static string? WrongKind(Type type, SurfaceFiles real)
    {
        string kind = PublicSurface.Kind(type);
        if (real.Type(TypeNames.Plain(type)) is not { } line)
        {
            return $"{kind}: the packages have no such type";
        }

        string[] parts = line.Split(" where ")[0].Replace(" [Obsolete]", "", StringComparison.Ordinal).Split(" : ");
        if (kind.Split(" : ")[1] != parts[1] || (type.IsEnum && kind != string.Join(" : ", parts)))
        {
            return $"{kind}: really '{line}'";
        }

        string[] bases = type.IsEnum || parts.Length < 3 ? [] : SplitTypes(parts[2]);
        string? realBase = bases.FirstOrDefault(name => !IsInterfaceName(name));
        string? declaredBase = type.IsClass && type.BaseType is { } parent && parent != typeof(object)
            && parent != typeof(MulticastDelegate) ? TypeNames.Plain(parent) : null;
        string[] extra = [.. OwnInterfaces(type).Where(name => !Implements(bases, name, real))];
        return declaredBase != realBase ? $"{kind} : {declaredBase}: really '{line}'"
            : extra.Length > 0 ? $"{kind} : {string.Join(", ", extra)}: really '{line}'"
            : null;
    }

    private static IEnumerable<string> OwnInterfaces(Type type) => type.GetInterfaces()
        .Except(type.BaseType?.GetInterfaces() ?? [])
        .Except(type.GetInterfaces().SelectMany(contract => contract.GetInterfaces()))
        .Where(_ => !type.IsEnum)
        .Select(TypeNames.Plain);

    /// <summary>Whether a real type with these bases has the interface, by itself or by one of them.</summary>
    private static bool Implements(IEnumerable<string> bases, string name, SurfaceFiles real) => bases.Any(parent =>
        parent.Replace("?", "", StringComparison.Ordinal) == name
        || (real.Type(parent)?.Split(" where ")[0].Split(" : ") is { Length: > 2 } parts
            && Implements(SplitTypes(parts[2]), name, real)));

    private static bool IsInterfaceName(string name)
    {
        string last = name.Split('<')[0].Split('.')[^1];
        return last.Length > 1 && last[0] == 'I' && char.IsUpper(last[1]);
    }

    /// <summary>Splits a list of types at its commas, but for those between angle brackets.</summary>
    private static string[] SplitTypes(string list)
    {
        List<string> types = [];
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || (list[i] == ',' && depth == 0))
            {
                types.Add(list[start..i].Trim());
                start = i + 1;
            }
            else
            {
                depth += list[i] switch { '<' => 1, '>' => -1, _ => 0 };
            }
        }

        return [.. types];
    }
}
