using FinVault.Local.Hosting;

namespace FinVault.Local.Durable;

/// <summary>Names of orchestrations and activities, which an app must not give twice.</summary>
static class DurableNames
{
    public static IEnumerable<string> Twice(IReadOnlyList<FunctionModel> functions, string what) => functions
        .GroupBy(function => (string)function.Plan!, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1)
        .Select(same =>
            $"Functions {string.Join(" and ", same.Select(f => $"'{f.Name}'"))} are the same {what} '{same.Key}'.");
}
