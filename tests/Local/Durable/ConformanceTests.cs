using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FinVault.Conformance;
using FinVault.Local.Durable;

namespace FinVault.Tests.Local.Durable;

/// <summary>
/// Every scenario of the durable suite, each on an engine of its own, many at a time. Scenarios of which the reference
/// backend says that it keeps less than Durable Functions promises are held to the promise.
/// </summary>
public sealed class ConformanceTests(ConformanceRuns runs) : IClassFixture<ConformanceRuns>
{
    static readonly Dictionary<string, JsonNode?> Expected =
        ConformanceSuite.Load(Path.Combine(Folder(), "expected.json")).ToDictionary();

    public static TheoryData<string> Scenarios => [.. ConformanceRuns.All.Select(s => s.Id)];

    [Fact]
    public void Suite_HasEveryScenarioOfItsExpectations() =>
        Assert.Equal(Expected.Keys.Order(StringComparer.Ordinal), ConformanceRuns.All.Select(s => s.Id));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Scenario_AnswersAsTheRealEngine(string id)
    {
        JsonNode? actual = await runs.Of(id);
        JsonNode? expected = Promises.TryGetValue(id, out Func<JsonNode?>? promise) ? promise() : Expected[id];
        if (id == "instances/query")
        {
            // The backend's own ways with outputs that were not asked for are not compared.
            actual!["_bareOutput"] = null;
        }

        Assert.Empty(ConformanceSuite.Compare(expected, actual));
    }

    [Fact]
    public void Promises_AreForTheScenariosThatAreBackendSpecific() => Assert.Equal(
        ConformanceRuns.All.Where(s => s.BackendSpecific is not null).Select(s => s.Id),
        Promises.Keys.Order(StringComparer.Ordinal));

    /// <summary>What the notes promise where the recorded answer is not law.</summary>
    static readonly Dictionary<string, Func<JsonNode?>> Promises = new()
    {
        ["control/rewind"] = () => Changed("control/rewind", o =>
        {
            o["thrown"] = null;
            o["instance"] = JsonNode.Parse("""{"status": "Completed", "output": "second time"}""");
        }),
        ["control/terminate-recursive"] = () => Changed(
            "control/terminate-recursive", o => o["child"] = "Terminated"),
        ["determinism/not-durable-await"] = () => JsonNode.Parse($$"""
            {
              "instance": {
                "status": "Failed",
                "failure": {"type": "System.InvalidOperationException", "message": "{{IllegalAwait}}"}
              },
              "log": ["before"]
            }
            """),
        ["instances/id-of-running"] = () => JsonNode.Parse("""
            {
              "thrown": {"exception": "OrchestrationAlreadyExistsException"},
              "instance": {"status": "Completed", "output": {"input": 1, "got": "on"}},
              "log": ["ran 1"]
            }
            """),
        ["instances/start-at"] = () => JsonNode.Parse("""{"before": "Pending", "notEarly": true}"""),
    };

    const string IllegalAwait =
        "An invalid asynchronous invocation was detected. This can be caused by awaiting non-durable tasks "
        + "in an orchestrator function's implementation or by middleware that invokes asynchronous code.";

    static JsonNode Changed(string id, Action<JsonNode> change)
    {
        JsonNode copy = Expected[id]!.DeepClone();
        change(copy);
        return copy;
    }

    static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Conformance");
}

/// <summary>All scenarios, started together with a bound, so that their pauses overlap.</summary>
public sealed class ConformanceRuns
{
    readonly ConcurrentDictionary<string, Task<JsonNode?>> runs = new();

    public static IReadOnlyList<Scenario> All { get; } = ConformanceSuite.Find(typeof(Scenario).Assembly);

    public ConformanceRuns() => Start(null);

    internal ConformanceRuns(DurableOptions options) => Start(options);

    public Task<JsonNode?> Of(string id) => runs[id];

    void Start(DurableOptions? options)
    {
        SemaphoreSlim room = new(24);
        foreach (Scenario scenario in All)
        {
            runs[scenario.Id] = Task.Run(async () =>
            {
                await room.WaitAsync();
                try
                {
                    return await ConformanceSuite.RunAsync(scenario, () => new LocalConformanceEngine(options));
                }
                finally
                {
                    room.Release();
                }
            });
        }
    }
}
