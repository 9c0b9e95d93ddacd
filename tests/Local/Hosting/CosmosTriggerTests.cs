using FinVault.Local.Hosting;
using FinVault.Platform;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Local.Hosting;

/// <summary>The change feed, through the SDK's own processor.</summary>
public sealed class CosmosTriggerTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("finvault-feed-").FullName;

    [Fact]
    public async Task Changes_ReachTheFunction_AndAFailureWithoutRetryIsNotRepeated()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal, typeof(FailsOnce));

        await WriteAsync(app, "one");
        await Eventually.TrueAsync(() => journal.Entries.Count == 1, "the first change");
        await WriteAsync(app, "two");
        await Eventually.TrueAsync(() => journal.Entries.Count == 2, "the second change");

        Assert.Equal(["one", "two"], journal.Entries);
    }

    [Fact]
    public async Task Changes_WithRetry_AreRepeatedUntilTheySucceed()
    {
        var journal = new Journal();
        await using AppHost app = await StartAsync(journal, typeof(Retries));

        await WriteAsync(app, "one");

        await Eventually.TrueAsync(() => journal.Entries.Count == 3, "the change comes three times");
        Assert.All(journal.Entries, entry => Assert.Equal("one", entry));
    }

    [Fact]
    public async Task Changes_OfADowntime_ComeAfterTheRestart()
    {
        var journal = new Journal();
        await using (AppHost app = await StartAsync(journal, typeof(Follows)))
        {
            await WriteAsync(app, "one");
            await Eventually.TrueAsync(() => journal.Entries.Count == 1, "the first change");
        }

        await using (AppHost without = await AppHost.WithFunctionsAsync([], options: AppHost.Defaults with { Data = _data }))
        {
            await WriteAsync(without, "two");
        }

        await using AppHost again = await StartAsync(journal, typeof(Follows));
        await Eventually.TrueAsync(() => journal.Entries.Count == 2, "the change of the downtime");
        Assert.Equal(["one", "two"], journal.Entries);
    }

    [Fact]
    public async Task Start_WhenAContainerIsMissing_NamesTheFunction()
    {
        var wrong = await Assert.ThrowsAsync<StartupException>(() => StartAsync(new Journal(), typeof(Elsewhere)));

        Assert.StartsWith("Function 'Elsewhere' reads container 'nowhere'", wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private Task<AppHost> StartAsync(Journal journal, Type functions) =>
        AppHost.WithFunctionsAsync([functions], [journal], options: AppHost.Defaults with { Data = _data });

    private static async Task WriteAsync(AppHost app, string id) =>
        await Container(app).CreateItemAsync(new Note(id, "s"), new PartitionKey("s"));

    private static Container Container(AppHost app) =>
        ((CosmosClient)app.Host.Services.GetService(typeof(CosmosClient))!).GetContainer(Containers.Database, Containers.Market);

    public sealed record Note(string Id, string Shard);

    public sealed class FailsOnce(Journal journal)
    {
        [Function("FailsOnce")]
        public void Run(
            [CosmosDBTrigger(Containers.Database, Containers.Market, FeedPollDelay = 50, StartFromBeginning = true)]
            IReadOnlyList<Note> changes)
        {
            journal.Add(changes[0].Id);
            if (changes[0].Id == "one")
            {
                throw new InvalidOperationException("on purpose");
            }
        }
    }

    public sealed class Retries(Journal journal)
    {
        [Function("Retries")]
        [FixedDelayRetry(-1, "00:00:00.01")]
        public void Run(
            [CosmosDBTrigger(Containers.Database, Containers.Market, FeedPollDelay = 50, StartFromBeginning = true)]
            Note[] changes)
        {
            journal.Add(changes.Single().Id);
            if (journal.Entries.Count < 3)
            {
                throw new InvalidOperationException("on purpose");
            }
        }
    }

    public sealed class Follows(Journal journal)
    {
        [Function("Follows")]
        public void Run(
            [CosmosDBTrigger(Containers.Database, Containers.Market, FeedPollDelay = 50, StartFromBeginning = true)]
            IReadOnlyList<Note> changes)
        {
            foreach (Note change in changes)
            {
                journal.Add(change.Id);
            }
        }
    }

    public sealed class Elsewhere(Journal journal)
    {
        [Function("Elsewhere")]
        public void Run([CosmosDBTrigger(Containers.Database, "nowhere")] string changes) => journal.Add(changes);
    }
}
