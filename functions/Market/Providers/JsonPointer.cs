using System.Globalization;
using System.Text.Json;

namespace FinVault.Market.Providers;

/// <summary>
/// JSON Pointers, RFC 6901: <c>/result/list/0/lastPrice</c>; <c>~1</c> is a slash in a name, <c>~0</c> a tilde.
/// </summary>
internal static class JsonPointer
{
    public static bool IsValid(string? pointer) => string.IsNullOrEmpty(pointer) || pointer[0] == '/';

    /// <summary>What is there, or null.</summary>
    public static JsonElement? Find(JsonElement from, string pointer)
    {
        JsonElement current = from;
        foreach (string part in pointer.Split('/').Skip(1))
        {
            string name = part
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (current.ValueKind == JsonValueKind.Object && current.TryGetProperty(name, out JsonElement member))
            {
                current = member;
            }
            else if (current.ValueKind == JsonValueKind.Array
                && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < current.GetArrayLength())
            {
                current = current[index];
            }
            else
            {
                return null;
            }
        }

        return current;
    }
}
