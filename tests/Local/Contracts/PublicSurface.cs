using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FinVault.Tests.Local.Contracts;

/// <summary>
/// An assembly's public types and members, one a line, as the surface files write them:
/// <c>Namespace.Type.Member(signature) -> result modifiers</c>.
/// </summary>
public static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Every line of one type's members; an obsolete one ends in <c>[Obsolete]</c>.</summary>
    public static IEnumerable<string> Members(Type type)
    {
        string prefix = TypeNames.Plain(type) + ".";
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(value => $"{prefix}{value.Name} = {value.GetRawConstantValue()}{Obsolete(value)}");
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [prefix + Method(type.GetMethod("Invoke")!, isInterface: true)];
        }

        IEnumerable<MethodInfo> methods = type.GetMethods(Declared).Where(m => IsSeen(m) && !IsAccessor(m));
        IEnumerable<PropertyInfo> properties = type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsSeen));
        IEnumerable<FieldInfo> fields = type.GetFields(Declared)
            .Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly);
        return type.GetConstructors(Declared).Where(IsSeen).Select(Constructor)
            .Concat(methods.Select(method => Method(method, type.IsInterface)))
            .Concat(properties.Select(property => Property(property, type.IsInterface)))
            .Concat(fields.Select(Field))
            .Select(line => prefix + line);
    }

    /// <summary>A type's line, up to its base type: <c>Namespace.Type : sealed class</c>.</summary>
    public static string Kind(Type type) => TypeNames.Plain(type) + " : " + type switch
    {
        { IsEnum: true } => "enum : " + TypeNames.Plain(Enum.GetUnderlyingType(type)),
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Constructor(ConstructorInfo constructor) =>
        $".ctor({Parameters(constructor)}){Protected(constructor)}{Obsolete(constructor)}";

    private static string Method(MethodInfo method, bool isInterface)
    {
        string generics = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        string result = TypeNames.Annotate(method.ReturnType, method.ReturnParameter, method);
        string modifiers = isInterface ? "" : Protected(method) + Modifiers(method);
        string where = string.Concat(method.GetGenericArguments().Select(Constraints));
        return $"{method.Name}{generics}({Parameters(method)}) -> {result}{modifiers}{where}{Obsolete(method)}";
    }

    /// <summary>A type parameter's constraints; the surface files leave <c>notnull</c>, an annotation, out.</summary>
    private static string Constraints(Type parameter)
    {
        GenericParameterAttributes flags = parameter.GenericParameterAttributes;
        bool isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> parts = [.. parameter.GetGenericParameterConstraints()
            .Where(type => type != typeof(ValueType)).Select(TypeNames.Plain)];
        if (isStruct || flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Insert(0, isStruct ? "struct" : "class");
        }

        if (!isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            parts.Add("new()");
        }

        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }

    private static string Property(PropertyInfo property, bool isInterface)
    {
        string accessors = string.Concat(
            Accessor(property.GetMethod, "get; "),
            Accessor(property.SetMethod, IsInit(property) ? "init; " : "set; "));
        MethodInfo shown = property.GetAccessors(true).First(IsSeen);
        string type = TypeNames.Annotate(property.PropertyType, property, property.GetAccessors(true)[0]);
        return $"{property.Name} : {type} {{ {accessors}}}{(isInterface ? "" : Modifiers(shown))}{Obsolete(property)}";
    }

    private static string Field(FieldInfo field)
    {
        string type = TypeNames.Annotate(field.FieldType, field, field.DeclaringType!);
        return field.IsLiteral
            ? $"{field.Name} : {type} const = {Literal(field.GetRawConstantValue(), field.FieldType)}"
            : $"{field.Name} : {type}{(field.IsStatic ? " static" : "")}{(field.IsInitOnly ? " readonly" : "")}";
    }

    private static string Accessor(MethodInfo? accessor, string text) => accessor is null || !IsSeen(accessor)
        ? ""
        : (accessor.IsPublic ? "" : "protected ") + text;

    private static bool IsInit(PropertyInfo property) => property.SetMethod?.ReturnParameter
        .GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ?? false;

    private static string Modifiers(MethodInfo method) => method switch
    {
        { IsStatic: true } => " static",
        { IsAbstract: true } => " abstract",
        { IsVirtual: true, IsFinal: false } => method.GetBaseDefinition() == method ? " virtual" : " override",
        _ => "",
    };

    private static string Protected(MethodBase method) => method.IsPublic ? "" : " [protected]";

    private static string Obsolete(MemberInfo member) =>
        member.IsDefined(typeof(ObsoleteAttribute)) ? " [Obsolete]" : "";

    private static string Parameters(MethodBase method)
    {
        bool extends = method.IsDefined(typeof(ExtensionAttribute));
        return string.Join(", ", method.GetParameters().Select(parameter => Parameter(
            parameter, method, extends && parameter.Position == 0)));
    }

    private static string Parameter(ParameterInfo parameter, MethodBase method, bool extended)
    {
        // The surface files leave the annotations of 'out' parameters out.
        string type = parameter.ParameterType.IsByRef
            ? (parameter.IsOut ? "out " : "ref ") + TypeNames.Plain(parameter.ParameterType)
            : TypeNames.Annotate(parameter.ParameterType, parameter, method);
        string prefix = extended ? "this " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        string value = parameter.HasDefaultValue
            ? $" = {Literal(parameter.RawDefaultValue, parameter.ParameterType)}"
            : "";
        return $"{prefix}{type} {parameter.Name}{value}";
    }

    private static string Literal(object? value, Type type) => value switch
    {
        null => type.IsValueType || type.IsGenericParameter ? "default" : "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
