using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Local.EventHubs;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.Hosting;

/// <summary>Batches, order, checkpoints and retries of the Event Hubs trigger.</summary>
public sealed class EventHubTriggerTests : IDisposable
{
    private const string Group = EventHubTriggerKind.DefaultConsumerGroup;

    private readonly string _data = Directory.CreateTempSubdirectory("finvault-hub-").FullName;

    [Fact]
    public async Task Batches_HoldAPartitionsEventsInOrder_AndNoMoreThanHostJsonAllows()
    {
        var seen = new Seen();
        await using AppHost app = await StartAsync(seen, typeof(Collect), HostJsonWith("\"maxEventBatchSize\": 3"));

        await SendAsync(app, "0", Enumerable.Range(0, 20));
        await SendAsync(app, "1", Enumerable.Range(100, 20));

        await Eventually.TrueAsync(() => seen.Count == 40, "all events arrive");
        Assert.Equal(Enumerable.Range(0, 20).Select(Text), seen.Of("0").SelectMany(batch => batch));
        Assert.Equal(Enumerable.Range(100, 20).Select(Text), seen.Of("1").SelectMany(batch => batch));
        Assert.All(seen.Batches, batch => Assert.InRange(batch.Events.Length, 1, 3));
        await CheckpointAsync(app, "0", 19);
    }

    [Fact]
    public async Task Partitions_RunAtTheSameTime()
    {
        var seen = new Seen { Hold = new TaskCompletionSource() };
        await using AppHost app = await StartAsync(seen, typeof(Collect));

        await SendAsync(app, "0", [1]);
        await SendAsync(app, "1", [2]);

        await Eventually.TrueAsync(() => seen.Batches.Count == 2, "both partitions are in their function");
        seen.Hold.SetResult();
    }

    [Fact]
    public async Task Checkpoint_AdvancesEvenWhenTheFunctionThrows()
    {
        var seen = new Seen { Failures = 1 };
        await using AppHost app = await StartAsync(seen, typeof(Collect));

        await SendAsync(app, "0", [1, 2]);
        await CheckpointAsync(app, "0", 1);
        await SendAsync(app, "0", [3]);
        await CheckpointAsync(app, "0", 2);

        Assert.Equal(["1", "2", "3"], seen.Of("0").SelectMany(batch => batch));
    }

    [Fact]
    public async Task Retry_HoldsTheCheckpointAndRepeatsTheSameBatch()
    {
        var clock = new ManualClock();
        int idle = await AppHost.IdleTimersAsync(clock);
        var seen = new Seen { Failures = 2 };
        await using AppHost app = await StartAsync(seen, typeof(Stubborn), time: clock);

        await SendAsync(app, "0", [1, 2]);
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            await clock.WhenTimersAsync(idle + 1);
            await Eventually.TrueAsync(() => seen.Batches.Count == attempt, "the attempt");
            Assert.Equal(-1, app.Host.Hub.GetCheckpoint(Group, "0"));
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        await CheckpointAsync(app, "0", 1);
        Assert.Equal(["1,2", "1,2", "1,2"], seen.Of("0").Select(batch => string.Join(',', batch)));
        Assert.Equal([0, 1, 2], seen.Batches.Select(batch => batch.Retry));
    }

    [Fact]
    public async Task Retry_ThatIsUsedUp_GoesOn()
    {
        var seen = new Seen { Failures = 3 };
        await using AppHost app = await StartAsync(seen, typeof(Twice));

        await SendAsync(app, "0", [1]);
        await CheckpointAsync(app, "0", 0);

        Assert.Equal(3, seen.Batches.Count);
    }

    [Fact]
    public async Task Stop_FinishesTheRunningBatch_AndCheckpointsIt()
    {
        var seen = new Seen { Hold = new TaskCompletionSource() };
        AppHost app = await StartAsync(seen, typeof(Collect));
        await SendAsync(app, "0", [1]);
        await Eventually.TrueAsync(() => seen.Batches.Count == 1, "the batch runs");

        Task stopping = app.Host.StopAsync();
        Assert.False(stopping.IsCompleted);
        seen.Hold.SetResult();
        await stopping;
        await app.DisposeAsync();

        await using EmbeddedEventHub hub = OpenHub();
        Assert.Equal(0, hub.GetCheckpoint(Group, "0"));
    }

    [Fact]
    public async Task Stop_GivesUpARetry_WithoutACheckpoint_AndTheNextHostRunsTheBatchAgain()
    {
        var seen = new Seen { Failures = int.MaxValue };
        await using (AppHost app = await StartAsync(seen, typeof(Stubborn), time: new ManualClock()))
        {
            await SendAsync(app, "0", [1]);
            await Eventually.TrueAsync(() => seen.Batches.Count == 1, "the batch fails");
        }

        var again = new Seen();
        await using AppHost next = await StartAsync(again, typeof(Stubborn));

        await Eventually.TrueAsync(() => again.Count == 1, "the batch comes again");
        Assert.Equal(["1"], again.Of("0").Single());
    }

    [Fact]
    public async Task BatchCheckpointFrequency_IsHonoured_AndAStopCheckpointsTheRest()
    {
        var seen = new Seen();
        string hostJson = HostJsonWith("\"maxEventBatchSize\": 1, \"batchCheckpointFrequency\": 3");
        await using (AppHost app = await StartAsync(seen, typeof(Collect), hostJson))
        {
            await SendAsync(app, "0", Enumerable.Range(0, 4));
            await Eventually.TrueAsync(() => seen.Count == 4, "all events arrive");
            await CheckpointAsync(app, "0", 2);
        }

        await using EmbeddedEventHub hub = OpenHub();
        Assert.Equal(3, hub.GetCheckpoint(Group, "0"));
    }

    [Fact]
    public async Task MinEventBatchSize_WaitsForMore_AtMostMaxWaitTime()
    {
        var clock = new ManualClock();
        int idle = await AppHost.IdleTimersAsync(clock);
        var seen = new Seen();
        string hostJson = HostJsonWith("\"maxEventBatchSize\": 4, \"minEventBatchSize\": 4, \"maxWaitTime\": \"00:00:10\"");
        await using AppHost app = await StartAsync(seen, typeof(Collect), hostJson, clock);
        // The first batch of a partition never waits.
        await SendAsync(app, "0", [0]);
        await Eventually.TrueAsync(() => seen.Count == 1, "the first batch");

        await SendAsync(app, "0", [1, 2]);
        await clock.WhenTimersAsync(idle + 1);
        Assert.Single(seen.Batches);
        await SendAsync(app, "0", [3, 4]);
        await Eventually.TrueAsync(() => seen.Batches.Count == 2, "the batch is full");
        await SendAsync(app, "0", [5]);
        await clock.WhenTimersAsync(idle + 1);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => seen.Batches.Count == 3, "the wait is over");

        Assert.Equal(["0", "1,2,3,4", "5"], seen.Of("0").Select(batch => string.Join(',', batch)));
    }

    [Fact]
    public async Task IsBatchedFalse_RunsOneEventAtATime_WithItsOwnBindingData()
    {
        var seen = new Seen();
        await using AppHost app = await StartAsync(seen, typeof(OneByOne));

        await SendAsync(app, "0", [7, 8]);
        await CheckpointAsync(app, "0", 1);

        Assert.Equal(["7@0", "8@1"], seen.Of("0").Select(batch => string.Join(',', batch)));
    }

    [Fact]
    public async Task BindingData_IsTheRealHosts()
    {
        var seen = new Seen();
        await using AppHost app = await StartAsync(seen, typeof(Collect));

        await SendAsync(app, "1", [5, 6]);
        await Eventually.TrueAsync(() => seen.Count == 2, "the batch");

        IReadOnlyDictionary<string, object?> data = seen.Batches[0].Data;
        JsonElement partition = JsonElement.Parse((string)data["PartitionContext"]!);
        Assert.Equal("1", partition.GetProperty("PartitionId").GetString());
        Assert.Equal("ticks", partition.GetProperty("EventHubName").GetString());
        Assert.Equal(Group, partition.GetProperty("ConsumerGroup").GetString());
        Assert.NotEmpty(partition.GetProperty("FullyQualifiedNamespace").GetString()!);
        Assert.Equal([0L, 1L], (long[])data["SequenceNumberArray"]!);
        Assert.Equal(["0", "1"], (string[])data["OffsetArray"]!);
        Assert.Equal(7, data.Count);
        Assert.False(data.ContainsKey("SequenceNumber"));
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static string HostJsonWith(string eventHubs) =>
        $$"""{ "version": "2.0", "extensions": { "eventHubs": { {{eventHubs}} } } }""";

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Task<AppHost> StartAsync(Seen seen, Type functions, string? hostJson = null, TimeProvider? time = null) =>
        AppHost.WithFunctionsAsync([functions], [seen], options: AppHost.Defaults with
        {
            Data = _data,
            Partitions = 2,
            HostJson = hostJson,
            Time = time ?? TimeProvider.System,
        });

    private EmbeddedEventHub OpenHub() => EmbeddedEventHub.Open(
        Path.Combine(_data, "eventhubs", "ticks"), "ticks", 2, TimeProvider.System);

    private static async Task SendAsync(AppHost app, string partition, IEnumerable<int> numbers) =>
        await app.Host.Hub.AppendAsync(
            partition, null, [.. numbers.Select(number => new EventData(Text(number)))], CancellationToken.None);

    private static Task CheckpointAsync(AppHost app, string partition, long sequence) => Eventually.TrueAsync(
        () => app.Host.Hub.GetCheckpoint(Group, partition) == sequence, $"checkpoint {sequence} of partition {partition}");

    public sealed record Batch(string Partition, string[] Events, int Retry, IReadOnlyDictionary<string, object?> Data);

    /// <summary>What the functions were given, and how they are to behave.</summary>
    public sealed class Seen
    {
        private readonly Lock _lock = new();
        private readonly List<Batch> _batches = [];

        public int Failures { get; set; }

        public TaskCompletionSource? Hold { get; init; }

        public IReadOnlyList<Batch> Batches
        {
            get
            {
                lock (_lock)
                {
                    return [.. _batches];
                }
            }
        }

        public int Count => Batches.Sum(batch => batch.Events.Length);

        public IEnumerable<string[]> Of(string partition) =>
            Batches.Where(batch => batch.Partition == partition).Select(batch => batch.Events);

        public async Task AddAsync(string[] events, FunctionContext context)
        {
            IReadOnlyDictionary<string, object?> data = context.BindingContext.BindingData;
            string partition = JsonElement.Parse((string)data["PartitionContext"]!).GetProperty("PartitionId").GetString()!;
            lock (_lock)
            {
                _batches.Add(new Batch(partition, events, context.RetryContext.RetryCount, data));
            }

            await (Hold?.Task ?? Task.CompletedTask);
            if (Failures > 0)
            {
                Failures--;
                throw new InvalidOperationException("on purpose");
            }
        }
    }

    public sealed class Collect(Seen seen)
    {
        [Function("Collect")]
        public Task Run([EventHubTrigger("%TicksHub%")] EventData[] events, FunctionContext context) =>
            seen.AddAsync(Array.ConvertAll(events, data => data.EventBody.ToString()), context);
    }

    public sealed class Stubborn(Seen seen)
    {
        [Function("Stubborn")]
        [FixedDelayRetry(-1, "00:00:05")]
        public Task Run([EventHubTrigger("ticks")] IReadOnlyList<string> events, FunctionContext context) =>
            seen.AddAsync([.. events], context);
    }

    public sealed class Twice(Seen seen)
    {
        [Function("Twice")]
        [FixedDelayRetry(2, "00:00:00")]
        public Task Run([EventHubTrigger("ticks")] string[] events, FunctionContext context) => seen.AddAsync(events, context);
    }

    public sealed class OneByOne(Seen seen)
    {
        [Function("OneByOne")]
        public Task Run([EventHubTrigger("ticks", IsBatched = false)] int number, FunctionContext context) =>
            seen.AddAsync([$"{number}@{context.BindingContext.BindingData["SequenceNumber"]}"], context);
    }
}
