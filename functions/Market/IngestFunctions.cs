using System.ComponentModel;
using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Identity;
using FinVault.Market.Ingest;
using FinVault.Market.Live;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market;

/// <summary>Ticks into FinVault: from the hub, and over HTTP into the hub.</summary>
public sealed class IngestFunctions(
    TickIngest ingest, TickIntake intake, TicksHub hub, QuoteFanout fanout, IEnumerable<IQuoteListener> listeners,
    RoundOrders rounds, TimeProvider time)
{
    /// <summary>
    /// Commits a batch of one partition and publishes what it changed. It throws only for what a retry may mend, and the
    /// retries hold the checkpoint without end: a partition waits, and loses nothing.
    /// </summary>
    [Function(nameof(IngestTicks))]
    [FixedDelayRetry(-1, "00:00:01")]
    [SignalROutput(HubName = Realtime.Hub, ConnectionStringSetting = AzureClients.SignalR)]
    public async Task<SignalRMessageAction[]> IngestTicks(
        [EventHubTrigger("%TicksHub%", Connection = AzureClients.EventHubs, ConsumerGroup = "%TicksConsumerGroup%")]
        EventData[] events,
        FunctionContext context)
    {
        string partition = PartitionOf(context);
        // Before what may wait for the store: who looks is told of what there is.
        if (events.Any(data => TickEvents.IsOrder(data, TickEvents.PackOrder)))
        {
            rounds.Ordered(partition);
        }

        IReadOnlyList<Quote> changed = await ingest.ApplyAsync(partition, events, context.CancellationToken);
        foreach (IQuoteListener listener in listeners)
        {
            listener.Add(changed);
        }

        MarketTelemetry.Pushed(events, time);
        return fanout.Messages(changed);
    }

    /// <summary>Takes ticks from a feed that speaks HTTP; 202 when the hub has them durably.</summary>
    [Function(nameof(PostTicks))]
    [Public("A feed is a machine: it sends the function's key.")]
    [Unlimited("Feeds send thousands of ticks a second, under a key.")]
    [Api("Take ticks from a feed", Description = "At most 5,000 ticks and 1 MB a call. What the ticks are worth is judged "
        + "later, see /market/ingest. Headers x-feed (its name) and x-feed-position (growing) let a feed resend a call.")]
    [Body(typeof(TickSent[]), "application/json", "application/x-ndjson", Description = "A JSON array, or one tick a line.")]
    [Answers(StatusCodes.Status202Accepted, typeof(TicksTaken), "The hub has the ticks durably.")]
    [Fails(nameof(Problems.InvalidTicks), nameof(Problems.TooManyTicks), nameof(Problems.BodyTooLarge),
        nameof(Problems.InvalidRequest))]
    public async Task<IActionResult> PostTicks(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "market/ticks")] HttpRequest request,
        CancellationToken cancellationToken) =>
        new JsonAnswer(
            new TicksTaken(await intake.TakeAsync(request, cancellationToken)), StatusCodes.Status202Accepted);

    /// <summary>Has every shard store its rings and bars, also those of symbols that no longer trade today.</summary>
    [Function(nameof(StoreQuietShards))]
    public async Task StoreQuietShards(
        [TimerTrigger("0 */10 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (string partition in await hub.PartitionIdsAsync(cancellationToken))
        {
            await hub.SendAsync(partition, [TickEvents.Order(TickEvents.StoreOrder)], cancellationToken);
        }
    }

    private static string PartitionOf(FunctionContext context)
    {
        object? partition = context.BindingContext.BindingData.GetValueOrDefault("PartitionContext");
        using JsonDocument json = JsonDocument.Parse(partition as string
            ?? throw new InvalidOperationException("The trigger gave no PartitionContext."));
        return json.RootElement.GetProperty("PartitionId").GetString()!;
    }
}

/// <summary>The answer to a feed.</summary>
/// <param name="Received">Ticks that the hub has taken from the call.</param>
public sealed record TicksTaken(int Received);

/// <summary>A tick as a feed sends it.</summary>
public sealed record TickSent(
    string Symbol,
    [property: Description("Last traded price, above 0.")] decimal Price,
    [property: Description("Cumulative volume of the day.")] long Volume,
    [property: Description("With its zone.")] DateTimeOffset EventTime);
