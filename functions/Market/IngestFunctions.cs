using System.Text.Json;
using Azure.Messaging.EventHubs;
using FinVault.Market.Ingest;
using FinVault.Market.Live;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market;

/// <summary>Ticks into FinVault: from the hub, and over HTTP into the hub.</summary>
public sealed class IngestFunctions(
    TickIngest ingest, TickIntake intake, TicksHub hub, QuoteFanout fanout, ConflatedQuotes conflated, TimeProvider time)
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
        IReadOnlyList<Quote> changed = await ingest.ApplyAsync(partition, events, context.CancellationToken);
        conflated.Add(changed);
        MarketTelemetry.Pushed(events, time);
        return fanout.Messages(changed);
    }

    /// <summary>Takes ticks from a feed that speaks HTTP; 202 when the hub has them durably.</summary>
    [Function(nameof(PostTicks))]
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
