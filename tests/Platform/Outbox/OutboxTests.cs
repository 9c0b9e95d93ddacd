using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FinVault.Identity;
using FinVault.Local.Hosting;
using FinVault.Platform;
using FinVault.Platform.Outbox;
using FinVault.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Platform.Outbox;

/// <summary>Messages are documents; the change feed brings them to those that take them.</summary>
public sealed class OutboxTests
{
    private const string Giveaway = "EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public async Task Message_WhenItsBatchIsCommitted_IsToldAndMarked()
    {
        Listener listener = new();
        await using AppHost app = await StartAsync(listener);
        OutboxMessage message = OutboxMessage.OfGiveaway(Giveaway, "giveaway.winner", new { Name = "Asha" }, TimeProvider.System);
        await WriteAsync(app, message);

        await Eventually.TrueAsync(() => !listener.Told.IsEmpty, "message is told");
        Assert.Equal("Asha", Assert.Single(listener.Told).Payload.GetProperty("name").GetString());
        await Eventually.TrueAsync(async () => (await ReadAsync(app, message)).DeliveredAt is not null, "message is marked");
    }

    [Fact]
    public async Task Message_OfABatchThatFails_IsNeverTold()
    {
        Listener listener = new();
        await using AppHost app = await StartAsync(listener);
        OutboxMessage first = OutboxMessage.OfGiveaway(Giveaway, "giveaway.winner", new { Name = "first" }, TimeProvider.System);
        await WriteAsync(app, first);
        await Eventually.TrueAsync(() => listener.Told.Count == 1, "message is told");

        OutboxMessage lost = first with { Id = Ids.New("MESSAGE", TimeProvider.System) };
        using (TransactionalBatchResponse refused = await Container(app)
            .CreateTransactionalBatch(new PartitionKey(Giveaway)).CreateItem(lost).CreateItem(first).ExecuteAsync())
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        }

        OutboxMessage last = first with { Id = Ids.New("MESSAGE", TimeProvider.System) };
        await WriteAsync(app, last);
        await Eventually.TrueAsync(() => listener.Told.Count >= 2, "message is told");
        Assert.Equal([first.Id, last.Id], listener.Told.Select(told => told.Id));
    }

    [Fact]
    public async Task Handler_ThatFailsForAWhile_IsAskedAgainWithoutTellingTheOthersTwice()
    {
        Listener listener = new() { Failures = 2 };
        await using AppHost app = await StartAsync(listener);
        OutboxMessage shaky = OutboxMessage.OfGiveaway(Giveaway, "shaky", new { }, TimeProvider.System);
        OutboxMessage sound = OutboxMessage.OfGiveaway(Giveaway, "sound", new { }, TimeProvider.System);
        using (TransactionalBatchResponse written = await Container(app)
            .CreateTransactionalBatch(new PartitionKey(Giveaway)).CreateItem(shaky).CreateItem(sound).ExecuteAsync())
        {
            Assert.True(written.IsSuccessStatusCode);
        }

        await Eventually.TrueAsync(async () => (await ReadAsync(app, shaky)).DeliveredAt is not null, "message is marked");
        Assert.Single(listener.Told, told => told.Kind == "shaky");
        Assert.Single(listener.Told, told => told.Kind == "sound");
    }

    [Fact]
    public async Task Handler_ThatThrows_SetsTheMessageAsideUntilAnOperatorReplaysIt()
    {
        Listener listener = new() { Broken = true };
        await using AppHost app = await StartAsync(listener);
        OutboxMessage message = OutboxMessage.OfGiveaway(Giveaway, "giveaway.winner", new { }, TimeProvider.System);
        await WriteAsync(app, message);
        await Eventually.TrueAsync(async () => (await ReadAsync(app, message)).Failure is not null, "message is marked");

        JsonElement dead = await app.GetJsonAsync("api/v1/operations/outbox/giveaways");
        JsonElement only = Assert.Single(dead.GetProperty("data").EnumerateArray());
        Assert.Equal(message.Id, only.GetProperty("message").GetProperty("id").GetString());
        Assert.Contains("broken", only.GetProperty("message").GetProperty("failure").GetString(), StringComparison.Ordinal);

        listener.Broken = false;
        string replay = $"api/v1/operations/outbox/giveaways/{Giveaway}/{message.Id}/replay";
        using (HttpResponseMessage accepted = await app.Client.PostAsync(replay, null))
        {
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        await Eventually.TrueAsync(async () => (await ReadAsync(app, message)).DeliveredAt is not null, "message is marked");
        using HttpResponseMessage twice = await app.Client.PostAsync(replay, null);
        Assert.Equal(HttpStatusCode.NotFound, twice.StatusCode);
    }

    private static async Task<AppHost> StartAsync(Listener listener)
    {
        AppHost app = await AppHost.StartAsync(AppHost.Defaults with
        {
            Configure = services => services.AddSingleton<IOutboxHandler>(listener),
        });
        CurrentUser admin = new(
            Ids.New("USER", TimeProvider.System), Ids.New("TENANT", TimeProvider.System), new HashSet<string> { Roles.Admin });
        app.SignIn(admin);
        return app;
    }

    private static Container Container(AppHost app) => app.Host.Services
        .GetRequiredService<CosmosClient>().GetContainer(Containers.Database, Containers.Giveaways);

    private static Task<ItemResponse<OutboxMessage>> WriteAsync(AppHost app, OutboxMessage message) =>
        Container(app).CreateItemAsync(message, new PartitionKey(message.Partition));

    private static async Task<OutboxMessage> ReadAsync(AppHost app, OutboxMessage message) =>
        await Container(app).ReadItemAsync<OutboxMessage>(message.Id, new PartitionKey(message.Partition));

    private sealed class Listener : IOutboxHandler
    {
        private int _failed;

        public ConcurrentQueue<OutboxMessage> Told { get; } = new();

        public int Failures { get; init; }

        public bool Broken { get; set; }

        public bool Takes(string kind) => true;

        public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
        {
            if (Broken)
            {
                throw new InvalidOperationException("broken");
            }

            if (message.Kind == "shaky" && _failed++ < Failures)
            {
                throw new TimeoutException("not now");
            }

            Told.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
