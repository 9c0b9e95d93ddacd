using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FinVault.Platform;

/// <summary>Reads single values of a query.</summary>
public static class QueryValues
{
    /// <summary>One of an enum's names, in whatever case; null where it is left out.</summary>
    /// <exception cref="ProblemException">invalid_request, naming the choices.</exception>
    public static T? Choice<T>(this HttpRequest request, string name) where T : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(request);
        string? text = request.Query[name];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // TryParse would also take numbers and lists.
        string? known = Enum.GetNames<T>().FirstOrDefault(one => one.Equals(text, StringComparison.OrdinalIgnoreCase));
        return known is not null
            ? Enum.Parse<T>(known)
            : throw Problems.InvalidRequest.With($"{name} is one of {string.Join(", ", Names<T>())}.");
    }

    /// <summary>
    /// A day; null where it is left out. There is room on both ends, so that no arithmetic on it can leave the calendar.
    /// </summary>
    /// <exception cref="ProblemException">invalid_date.</exception>
    public static DateOnly? Day(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        bool isDay = DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day);
        return isDay && day.Year is >= 1970 and < 2200
            ? day
            : throw Problems.InvalidDate.With($"{name} is a date as YYYY-MM-DD, from 1970 to 2199.");
    }

    private static IEnumerable<string> Names<T>() where T : struct, Enum =>
        Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName);
}
