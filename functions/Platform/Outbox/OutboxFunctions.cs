using System.Text.Json;
using FinVault.Identity;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Platform.Outbox;

/// <summary>Publishes what is committed, and lets an operator see and repeat what could not be told.</summary>
public sealed class OutboxFunctions(OutboxPublisher publisher, OutboxDeadLetters deadLetters)
{
    private const int PollMilliseconds = 200;
    private const int DefaultPage = 50;
    private const int MaxPage = 100;

    [Function(nameof(PublishGiveaways))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task PublishGiveaways(
        [CosmosDBTrigger(
            Containers.Database, Containers.Giveaways, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "outbox-giveaways",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        FunctionContext context) => PublishAsync(Containers.Giveaways, changes, context);

    [Function(nameof(PublishEscrow))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task PublishEscrow(
        [CosmosDBTrigger(
            Containers.Database, Containers.Escrow, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "outbox-escrow",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        FunctionContext context) => PublishAsync(Containers.Escrow, changes, context);

    [Function(nameof(PublishIdentity))]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task PublishIdentity(
        [CosmosDBTrigger(
            Containers.Database, Containers.Identity, Connection = AzureClients.Cosmos,
            LeaseContainerName = Containers.Leases, LeaseContainerPrefix = "outbox-identity",
            FeedPollDelay = PollMilliseconds, StartFromBeginning = true)]
        IReadOnlyList<JsonElement> changes,
        FunctionContext context) => PublishAsync(Containers.Identity, changes, context);

    [Function(nameof(ListOutboxDeadLetters))]
    [Access(Roles.Admin)]
    [Api("Messages that could not be told", Description = "Newest first, of one container.")]
    [Parameter("container", typeof(string), "Where they stand.", Values = [Containers.Giveaways, Containers.Escrow, Containers.Identity, Containers.Alerts])]
    [Paged(DefaultPage, MaxPage, Offset = false)]
    [Answers(StatusCodes.Status200OK, typeof(Page<OutboxDeadLetter>), "Messages, each with why it was set aside.")]
    [Fails(nameof(Problems.NotFound), nameof(Problems.InvalidCursor))]
    public async Task<IActionResult> ListOutboxDeadLetters(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "operations/outbox/{container}")] HttpRequest request,
        string container,
        CancellationToken cancellationToken) => new JsonAnswer(await deadLetters.ListAsync(
            Known(container), PageRequest.From(request, DefaultPage, MaxPage), cancellationToken));

    [Function(nameof(ReplayOutboxDeadLetter))]
    [Access(Roles.Admin)]
    [Api("Tell a message again", Description = "One that was set aside.")]
    [Parameter("container", typeof(string), "Where it stands.", Values = [Containers.Giveaways, Containers.Escrow, Containers.Identity, Containers.Alerts])]
    [Parameter("partition", typeof(string), "The giveaway, tenant or user.")]
    [Parameter("message", typeof(string), "The message.")]
    [Answers(StatusCodes.Status202Accepted, null, "It will be told in a moment.")]
    [Fails(nameof(Problems.NotFound))]
    public async Task<IActionResult> ReplayOutboxDeadLetter(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "post",
            Route = "operations/outbox/{container}/{partition}/{message}/replay")]
        HttpRequest request,
        string container,
        string partition,
        string message,
        CancellationToken cancellationToken)
    {
        await deadLetters.ReplayAsync(Known(container), partition, message, cancellationToken);
        return new StatusCodeResult(StatusCodes.Status202Accepted);
    }

    private Task PublishAsync(string container, IReadOnlyList<JsonElement> changes, FunctionContext context) =>
        publisher.PublishAsync(
            container, changes, context.RetryContext?.RetryCount > 0, context.CancellationToken);

    private static string Known(string container) => container is Containers.Giveaways or Containers.Escrow or Containers.Identity
        or Containers.Alerts
        ? container
        : throw Problems.NotFound.With($"There is no outbox {container}.");
}
