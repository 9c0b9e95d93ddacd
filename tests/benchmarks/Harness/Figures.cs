using System.Globalization;
using System.Text.Json;

namespace FinVault.Benchmarks.Harness;

internal static class Figures
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Five digits at most, for results in JSON.</summary>
    public static double Rounded(this double value) =>
        double.IsFinite(value)
            ? double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : 0;

    /// <summary>"12,345", "0.0123".</summary>
    public static string Shown(this double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "N0" : "G3", CultureInfo.InvariantCulture);

    /// <summary>"1,234 (1,200–1,300)": the median and the range.</summary>
    public static string Range(this IReadOnlyCollection<double> values) => values.Count == 1
        ? values.First().Shown()
        : $"{values.Median().Shown()} ({values.Min().Shown()}–{values.Max().Shown()})";

    public static string ToJson<T>(T result) => JsonSerializer.Serialize(result, CamelCase);

    public static T FromJson<T>(string json) => JsonSerializer.Deserialize<T>(json, CamelCase)!;
}
