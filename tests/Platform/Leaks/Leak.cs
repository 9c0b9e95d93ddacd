using System.Text.RegularExpressions;

namespace FinVault.Tests.Platform.Leaks;

/// <summary>What gives our inside away, in whatever is sent to somebody outside.</summary>
internal static partial class Leak
{
    /// <summary>The words that should not be there; null when all is well.</summary>
    public static string? In(string text) => Inside().Match(text) is { Success: true } found
        ? $"'{found.Value}' in: {text[..Math.Min(text.Length, 400)]}"
        : null;

    public static async Task<string?> InAsync(HttpResponseMessage answer)
    {
        string headers = string.Join('\n', answer.Headers.Concat(answer.Content.Headers)
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}"));
        return In(headers) ?? In(await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex(
        @"SECRET-7f3e|AccountKey|\bCosmos\w*|\w+Exception\b|\bSystem\.\w+|\bFinVault\.[A-Z]|\bMicrosoft\.\w+|   at |\.cs:line|/src/"
        + @"|x-ms-|ActivityId",
        RegexOptions.CultureInvariant)]
    private static partial Regex Inside();
}
