using System.Text.Json;
using System.Text.Json.Nodes;
using FinVault.Tests.Support;

namespace FinVault.Tests.Infra;

/// <summary>A benchmark that gets worse fails its workflow, and one that is as it was passes.</summary>
public sealed class BaselineTests
{
    private sealed record Figure(string Name, string? By, double Value, double? Least, double? Most);

    private static readonly JsonObject Baseline =
        JsonNode.Parse(File.ReadAllText(Repository.PathTo(".github", "benchmarks", "baseline.json")))!.AsObject();

    public static TheoryData<string> Benchmarks => [.. Baseline.Select(benchmark => benchmark.Key)];

    /// <summary>Each as it was, then each figure of it a little past what is allowed, then without it.</summary>
    [NodeTheory]
    [MemberData(nameof(Benchmarks))]
    public async Task Figure_PastWhatIsAllowed_Fails(string benchmark)
    {
        Figure[] figures = Of(benchmark);
        Assert.Equal(0, await CompareAsync(benchmark, Result(figures)));
        foreach (Figure one in figures)
        {
            Assert.True(one.Least < one.Value || one.Most >= one.Value, $"{one.Name} is past it as it is");
            double worse = one.Least * 0.99 ?? (one.Most!.Value * 1.01) + 0.01;
            Assert.Equal(1, await CompareAsync(benchmark, Result(figures, one with { Value = worse })));
        }

        Assert.Equal(1, await CompareAsync(benchmark, "{}"));
    }

    /// <summary>The names are those that the benchmarks tell: an anonymous object's, or given ones.</summary>
    [Fact]
    public void EveryFigure_IsToldByABenchmark()
    {
        string told = string.Concat(Directory
            .EnumerateFiles(Repository.PathTo("tests", "benchmarks"), "*Benchmark.cs", SearchOption.AllDirectories)
            .Append(Repository.PathTo("tests", "benchmarks", "Fanout", "FanoutTable.cs")).Select(File.ReadAllText));
        string[] names = [.. Baseline.SelectMany(one => Of(one.Key)).SelectMany(one => new[] { one.Name, one.By }).OfType<string>()];

        Assert.All(names, name => Assert.Matches($@"(?i)\b{name} =\s", told));
        string workflow = File.ReadAllText(Repository.PathTo(".github", "workflows", "benchmarks.yml"));
        Assert.Contains(
            $"benchmark: [{string.Join(", ", Baseline.Select(one => one.Key))}]", workflow, StringComparison.Ordinal);
    }

    private static Figure[] Of(string benchmark) => [.. Baseline[benchmark]!.AsArray().Select(one => new Figure(
        one!["figure"]!.GetValue<string>(), one["by"]?.GetValue<string>(), one["value"]!.GetValue<double>(),
        one["least"]?.GetValue<double>(), one["most"]?.GetValue<double>()))];

    // A figure with a peer is held against it alone: several may be held against different ones.
    private static string Result(Figure[] figures, Figure? changed = null)
    {
        Dictionary<string, double> result = [];
        foreach (Figure one in figures.Select(one => one.Name == changed?.Name && one.By == changed.By ? changed : one))
        {
            result.TryAdd(one.Name, one.By is null ? one.Value : 1_000);
            if (one.By is { } by)
            {
                result[by] = result[one.Name] / one.Value;
            }
        }

        return $"a table\n{JsonSerializer.Serialize(result)}\n";
    }

    private static async Task<int> CompareAsync(string benchmark, string result)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, result);
            string script = Repository.PathTo(".github", "benchmarks", "compare.mjs");
            return (await Tool.RunAsync("node", [script, benchmark, file], TimeSpan.FromMinutes(1))).ExitCode;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
