using System.Reflection;

namespace FinVault.Tests.Local.Contracts;

/// <summary>
/// Writes a type as C# with its nullability annotations, which the compiler keeps as one byte for each part of the
/// type, outermost first (dotnet/roslyn, docs/features/nullable-metadata.md).
/// </summary>
public sealed class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(short)] = "short",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    private const byte Annotated = 2;
    private readonly byte[] _flags;
    private int _next;

    private TypeNames(byte[] flags) => _flags = flags;

    /// <summary>The type without annotations.</summary>
    public static string Plain(Type type) => new TypeNames([]).Write(type);

    /// <summary>The type with the annotations of what it is the type of.</summary>
    /// <param name="type">The type of a parameter, return value, property, field or event.</param>
    /// <param name="carrier">What carries its annotations.</param>
    /// <param name="member">The member that encloses it: its default, or its types', applies where there is none.</param>
    public static string Annotate(Type type, ICustomAttributeProvider carrier, MemberInfo member)
    {
        byte[] flags = Flags(carrier) ?? [Context(member)];
        return new TypeNames(flags).Write(type);
    }

    private string Write(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Write(underlying) + "?";
        }

        if (type.IsByRef)
        {
            return Write(type.GetElementType()!);
        }

        bool annotated = (!type.IsValueType || type.IsGenericType) && Take() == Annotated && !type.IsValueType;
        string name = type switch
        {
            { IsArray: true } => Write(type.GetElementType()!) + "[]",
            { IsGenericParameter: true } => type.Name,
            _ => Keywords.GetValueOrDefault(type) ?? Named(type),
        };
        return annotated ? name + "?" : name;
    }

    private string Named(Type type)
    {
        Type[] arguments = type.GetGenericArguments();
        int outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string prefix = type.DeclaringType is { } declaring ? Plain(declaring) : type.Namespace!;
        string name = type.Name.Split('`')[0];
        return arguments.Length > outer
            ? $"{prefix}.{name}<{string.Join(", ", arguments.Skip(outer).Select(Write))}>"
            : $"{prefix}.{name}";
    }

    private byte Take() => _flags.Length switch
    {
        0 => 0,
        1 => _flags[0],
        _ => _flags[_next++],
    };

    private static byte[]? Flags(ICustomAttributeProvider carrier)
    {
        object? attribute = Array.Find(
            carrier.GetCustomAttributes(false), found => found.GetType().Name == "NullableAttribute");
        return (byte[]?)attribute?.GetType().GetField("NullableFlags")!.GetValue(attribute);
    }

    private static byte Context(MemberInfo? member)
    {
        for (; member is not null; member = member.DeclaringType)
        {
            object? attribute = Array.Find(
                member.GetCustomAttributes(false), found => found.GetType().Name == "NullableContextAttribute");
            if (attribute is not null)
            {
                return (byte)attribute.GetType().GetField("Flag")!.GetValue(attribute)!;
            }
        }

        return 0;
    }
}
