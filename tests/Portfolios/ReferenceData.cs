using System.Globalization;
using System.IO.Compression;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios;

/// <summary>Reads data that nobody here wrote, from beside the repository.</summary>
internal static class ReferenceData
{
    /// <summary>All text of a gzipped file of <c>../shared/data</c>.</summary>
    public static string Text(params string[] parts)
    {
        using FileStream file = File.OpenRead(Repository.Shared(["data", .. parts]));
        using GZipStream unzipped = new(file, CompressionMode.Decompress);
        using StreamReader reader = new(unzipped);
        return reader.ReadToEnd();
    }

    /// <summary>A gzipped CSV file's rows, split at commas.</summary>
    public static string[][] Rows(params string[] parts) =>
        [.. Text(parts).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.TrimEnd('\r').Split(','))];

    /// <summary>A number, or NaN where there is none.</summary>
    public static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    public static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
