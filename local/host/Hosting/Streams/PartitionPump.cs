using Azure.Messaging.EventHubs;
using FinVault.Local.EventHubs;

namespace FinVault.Local.Hosting;

/// <summary>
/// Feeds one partition to one function, batch after batch. The semantics are PartitionProcessor's of the Event Hubs
/// extension: a checkpoint after every <c>batchCheckpointFrequency</c> batches whether the function succeeded or not, unless
/// a retry policy holds the batch; events wait for a fuller batch only when <c>minEventBatchSize</c> is above 1. On a stop
/// the running batch is finished and checkpointed; the real extension leaves that checkpoint to the next owner, who then
/// sees the batch once more.
/// </summary>
internal sealed class PartitionPump(
    FunctionModel function,
    EventHubTriggerKind.Subscription subscription,
    string partition,
    EmbeddedEventHub hub,
    HostJson.EventHubsSettings settings,
    FunctionRunner runner,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping,
    CancellationToken abort)
{
    private static readonly TimeSpan PauseAfterStoreFailure = TimeSpan.FromSeconds(1);

    private readonly string _partitionContext =
        EventBindingData.PartitionContext(hub.Name, subscription.ConsumerGroup, partition);

    private long _position = hub.GetCheckpoint(subscription.ConsumerGroup, partition);
    private long _checkpoint = hub.GetCheckpoint(subscription.ConsumerGroup, partition);
    private int _batches;
    private bool _first = true;

    public async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                IReadOnlyList<StoredEvent> batch = await ReadAsync();
                if (batch.Count > 0 && !await ProcessAsync(batch))
                {
                    break;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                // The log itself failed, not the function. What was not checkpointed is read again.
                logger.LogError(failure, "{Function}: partition {Partition} cannot be read", function.Name, partition);
                await Task.Delay(PauseAfterStoreFailure, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (_position > _checkpoint)
        {
            await hub.SetCheckpointAsync(subscription.ConsumerGroup, partition, _position, CancellationToken.None);
        }
    }

    private async Task<IReadOnlyList<StoredEvent>> ReadAsync()
    {
        IReadOnlyList<StoredEvent> batch = await hub.ReadAsync(partition, _position, settings.MaxEventBatchSize, stopping);
        if (batch.Count == 0)
        {
            await hub.WaitAsync(partition, _position, stopping);
            return [];
        }

        // The first batch never waits: events may have been waiting since before the host started.
        bool enough = batch.Count >= settings.MinEventBatchSize || _first || !subscription.Batched;
        _first = false;
        return enough ? batch : await FillAsync();
    }

    /// <summary>Waits until <c>minEventBatchSize</c> events are there, at most <c>maxWaitTime</c>.</summary>
    private async Task<IReadOnlyList<StoredEvent>> FillAsync()
    {
        using var waited = new CancellationTokenSource(settings.WaitTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(waited.Token, stopping);
        try
        {
            while (hub.LastSequenceNumber(partition) < _position + settings.MinEventBatchSize)
            {
                await hub.WaitAsync(partition, hub.LastSequenceNumber(partition), either.Token);
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The time is over: what is there goes out as it is.
        }

        return await hub.ReadAsync(partition, _position, settings.MaxEventBatchSize, stopping);
    }

    /// <summary>False when the batch was given up without a checkpoint.</summary>
    private async Task<bool> ProcessAsync(IReadOnlyList<StoredEvent> batch)
    {
        if (subscription.Batched)
        {
            if (!await InvokeAsync(batch))
            {
                return false;
            }
        }
        else
        {
            for (int i = 0; i < batch.Count && !stopping.IsCancellationRequested; i++)
            {
                if (!await InvokeAsync([batch[i]]))
                {
                    return false;
                }
            }
        }

        if (++_batches >= settings.BatchCheckpointFrequency)
        {
            _batches = 0;
            await hub.SetCheckpointAsync(subscription.ConsumerGroup, partition, _position, CancellationToken.None);
            _checkpoint = _position;
        }

        return true;
    }

    private async Task<bool> InvokeAsync(IReadOnlyList<StoredEvent> batch)
    {
        RetryOutcome outcome = await runner.RunAsync(function, () => Input(batch), stopping, abort);
        if (outcome == RetryOutcome.Abandoned)
        {
            return false;
        }

        _position = batch[^1].SequenceNumber;
        return true;
    }

    // Made anew for each attempt: a function may have changed the events it was given.
    private TriggerInput Input(IReadOnlyList<StoredEvent> batch)
    {
        var events = new EventData[batch.Count];
        for (int i = 0; i < events.Length; i++)
        {
            events[i] = batch[i].ToEventData();
        }

        return new TriggerInput(events, new EventBindingData(events, _partitionContext, subscription.Batched))
        {
            // One producer's trace when it is one event's; a batch mixes traces.
            TraceParent = events.Length == 1 ? events[0].Properties.TryGetValue("Diagnostic-Id", out object? id) ? id as string : null : null,
        };
    }
}
