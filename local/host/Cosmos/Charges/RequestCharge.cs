namespace FinVault.Local.Cosmos;

/// <summary>
/// Request units by the model Microsoft publishes in "Understand request units consumption in Azure Cosmos DB"
/// (learn.microsoft.com/azure/cosmos-db/understand-request-unit-consumption, April 2026), one region, session
/// consistency:
/// <list type="bullet">
/// <item>reads and writes by document size: the page's table, straight lines between its points;</item>
/// <item>create: write(size) + 0.2 for each indexed term;</item>
/// <item>replace: write(old size) + write(new size) + 0.4 for each indexed term that changed;</item>
/// <item>patch: as replace + 0.4 for each property patched;</item>
/// <item>delete: write(size) + 0.2 for each indexed term;</item>
/// <item>read feed and change feed: as reading each document by itself, at least 1;</item>
/// <item>query: 2.3 (what the service charges for an empty result) + as a feed for each document loaded.</item>
/// </list>
/// Where this endpoint knows too little it charges more than the service would, never less: a replace counts every
/// indexed term as changed. Sizes are those of the JSON text; the service stores a smaller binary form.
/// </summary>
internal static class RequestCharge
{
    private const double IndexTerm = 0.2;
    private const double PatchedProperty = 0.4;
    private const double QueryBase = 2.3;

    /// <summary>A point read that finds nothing, or whose ETag has not changed.</summary>
    public const double Miss = 1.0;

    private static readonly double[] Kilobytes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

    private static readonly double[] ReadUnits =
        [1.00, 1.04, 1.14, 1.33, 1.67, 2.19, 4.76, 9.95, 20.28, 40.95, 145.90, 291.80];

    private static readonly double[] WriteUnits =
        [4.95, 6.29, 6.67, 7.04, 9.52, 11.23, 22.67, 48.19, 98.29, 184.57, 625.00, 1250.00];

    public static double Read(long bytes) => BySize(bytes, ReadUnits);

    public static double Create(long bytes, int indexedTerms) => BySize(bytes, WriteUnits) + IndexTerm * indexedTerms;

    public static double Delete(long bytes, int indexedTerms) => Create(bytes, indexedTerms);

    public static double Replace(long oldBytes, long bytes, int indexedTerms) =>
        BySize(oldBytes, WriteUnits) + BySize(bytes, WriteUnits) + 2 * IndexTerm * indexedTerms;

    public static double Patch(long oldBytes, long bytes, int indexedTerms, int properties) =>
        Replace(oldBytes, bytes, Math.Min(indexedTerms, properties)) + PatchedProperty * properties;

    /// <param name="loaded">The sum of <see cref="Read"/> over the documents read.</param>
    public static double Feed(double loaded) => Math.Max(loaded, Miss);

    public static double Query(double loaded) => QueryBase + loaded;

    private static double BySize(long bytes, double[] units)
    {
        double size = bytes / 1024.0;
        if (size <= Kilobytes[0])
        {
            return units[0];
        }
        int above = Array.FindIndex(Kilobytes, k => size <= k);
        if (above < 0)
        {
            return units[^1] * size / Kilobytes[^1];
        }
        double share = (size - Kilobytes[above - 1]) / (Kilobytes[above] - Kilobytes[above - 1]);
        return units[above - 1] + share * (units[above] - units[above - 1]);
    }
}
