using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace FinVault.Local.Hosting;

/// <summary>
/// Runs one function over a container's change feed. As CosmosDBTriggerListener of the WebJobs extensions: a batch whose
/// function threw counts as delivered unless a retry policy held it; a batch that a stop cut short is delivered again.
/// </summary>
internal sealed class ChangeFeedListener(
    FunctionModel function,
    CosmosTriggerKind.Feed feed,
    CosmosClient client,
    FunctionRunner runner,
    ILogger<ChangeFeedListener> logger) : FunctionListener
{
    // Always the same name: after a kill the next process owns its old leases at once, without waiting for them to expire.
    private const string InstanceName = "local";

    private ChangeFeedProcessor? _processor;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Container leases = client.GetContainer(feed.LeaseDatabase, feed.LeaseContainer);
        if (feed.Trigger.CreateLeaseContainerIfNotExists)
        {
            await client.GetDatabase(feed.LeaseDatabase).CreateContainerIfNotExistsAsync(
                feed.LeaseContainer, "/id", cancellationToken: cancellationToken);
        }

        ChangeFeedProcessorBuilder builder = client.GetContainer(feed.Database, feed.Container)
            .GetChangeFeedProcessorBuilder<JsonElement>(feed.Prefix, ProcessAsync)
            .WithInstanceName(InstanceName)
            .WithLeaseContainer(leases)
            .WithErrorNotification(ReportAsync);
        if (feed.Trigger.MaxItemsPerInvocation > 0)
        {
            builder.WithMaxItems(feed.Trigger.MaxItemsPerInvocation);
        }

        if (feed.Trigger.FeedPollDelay > 0)
        {
            builder.WithPollInterval(TimeSpan.FromMilliseconds(feed.Trigger.FeedPollDelay));
        }

        if (feed.Trigger.StartFromBeginning)
        {
            builder.WithStartTime(DateTime.MinValue.ToUniversalTime());
        }

        _processor = builder.Build();
        try
        {
            await _processor.StartAsync();
        }
        catch (CosmosException missing) when (missing.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            throw new StartupException(
                $"Function '{function.Name}' reads container '{feed.Container}' of database '{feed.Database}' with leases in "
                + $"'{feed.LeaseContainer}' of '{feed.LeaseDatabase}', and one of these does not exist.");
        }
    }

    protected override Task FinishAsync() => _processor?.StopAsync() ?? Task.CompletedTask;

    private async Task ProcessAsync(
        ChangeFeedProcessorContext context, IReadOnlyCollection<JsonElement> changes, CancellationToken cancellation)
    {
        RetryOutcome outcome = await runner.RunAsync(
            function, () => new TriggerInput(changes, TriggerInput.NoData), Stopping, Abort);
        if (outcome == RetryOutcome.Abandoned)
        {
            // Keeps the processor from checkpointing.
            throw new OperationCanceledException($"{function.Name} was stopped before it succeeded.");
        }
    }

    private Task ReportAsync(string lease, Exception failure)
    {
        if (!Stopping.IsCancellationRequested)
        {
            logger.LogWarning(failure, "{Function}: the change feed of {Container} failed", function.Name, feed.Container);
        }

        return Task.CompletedTask;
    }
}
