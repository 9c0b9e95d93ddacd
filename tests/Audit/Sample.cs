using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Audit;
using FinVault.Platform;

namespace FinVault.Tests.Audit;

/// <summary>Documents of any type, as the store writes them, with every field set.</summary>
internal static class Sample
{
    private const string Ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    /// <summary>What stands in every secret field, with the field's name behind it.</summary>
    public const string Canary = "CANARY-";

    public static JsonObject Of(Type type) =>
        (JsonObject)JsonSerializer.SerializeToNode(Make(type, "", false), type, Json.Stored)!;

    /// <summary>The canaries of a document.</summary>
    public static IEnumerable<string> CanariesIn(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(field => CanariesIn(field.Value)),
        JsonArray all => all.SelectMany(CanariesIn),
        JsonValue value when value.TryGetValue(out string? text) && text.StartsWith(Canary, StringComparison.Ordinal) => [text],
        _ => [],
    };

    private static object? Make(Type type, string name, bool secret)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string))
        {
            return secret ? $"{Canary}{name}-{Guid.NewGuid():N}" : $"{name.ToUpperInvariant()}_{Ulid}";
        }

        if (bare == typeof(Uri))
        {
            return new Uri($"https://example.com/{name}");
        }

        if (bare == typeof(JsonElement))
        {
            return JsonSerializer.SerializeToElement(name);
        }

        if (bare.IsValueType)
        {
            return name == "Ttl" ? 3600
                : bare == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch.AddYears(50) : Activator.CreateInstance(bare);
        }

        return bare.IsGenericType && bare.IsAssignableTo(typeof(IEnumerable)) ? Many(bare, name, secret) : Record(bare);
    }

    private static object Many(Type type, string name, bool secret)
    {
        Type[] of = type.GetGenericArguments();
        if (of.Length == 2)
        {
            IDictionary map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(of))!;
            map[name] = Make(of[1], name, secret);
            return map;
        }

        IList list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(of))!;
        list.Add(Make(of[0], name, secret));
        return list;
    }

    private static object Record(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().OrderByDescending(one => one.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(
            parameter.ParameterType, parameter.Name!,
            type.GetProperty(parameter.Name!)?.IsDefined(typeof(SensitiveAttribute)) == true))]);
    }
}
