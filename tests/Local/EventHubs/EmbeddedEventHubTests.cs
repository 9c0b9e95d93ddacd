using System.Text;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using FinVault.Local.EventHubs;
using FinVault.Market;

namespace FinVault.Tests.Local.EventHubs;

public sealed class EmbeddedEventHubTests : IDisposable
{
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Append_ThenRead_GivesEverythingBack(bool onDisk)
    {
        await using var hub = EmbeddedEventHub.Open(onDisk ? _folder.Path : null, "ticks", 4, _folder);
        var sent = new EventData("{\"symbol\":\"TCS\"}")
        {
            MessageId = "m-1",
            CorrelationId = "c-1",
            ContentType = "application/json",
        };
        var at = new DateTimeOffset(2021, 6, 10, 9, 15, 0, TimeSpan.FromMinutes(330));
        sent.Properties["text"] = "ünï";
        sent.Properties["long"] = long.MaxValue;
        sent.Properties["int"] = -7;
        sent.Properties["double"] = 0.1;
        sent.Properties["yes"] = true;
        sent.Properties["no"] = false;
        sent.Properties["time"] = at;

        await hub.AppendAsync(null, "TCS", [sent, new EventData("second")], default);
        string partition = $"{PartitionHash.PartitionFor("TCS", 4)}";
        List<StoredEvent> read = await HubFolder.ReadAllAsync(hub, partition);

        Assert.Equal([0L, 1L], read.Select(e => e.SequenceNumber));
        EventData first = read[0].ToEventData();
        Assert.Equal(sent.EventBody.ToString(), first.EventBody.ToString());
        Assert.Equal(sent.Properties, first.Properties);
        Assert.Equal(at.Offset, ((DateTimeOffset)first.Properties["time"]).Offset);
        Assert.Equal(("m-1", "c-1", "application/json"), (first.MessageId, first.CorrelationId, first.ContentType.ToString()));
        Assert.Equal(("TCS", "0", 0L, _folder.Now), (first.PartitionKey, first.OffsetString, first.SequenceNumber, first.EnqueuedTime));
        Assert.Equal("TCS", first.SystemProperties["x-opt-partition-key"]);
        Assert.Empty(read[1].Properties);
        Assert.Equal(1, hub.LastSequenceNumber(partition));
    }

    [Fact]
    public async Task Append_OfManyKilobytesWithProperties_ReadsBackFromDiskWhole()
    {
        // Of every length, so that whatever may be the last thing in a chunk once is.
        EventData[] sent = [.. Enumerable.Range(0, 3_000).Select(i => new EventData(new string('x', i % 61))
        {
            Properties = { ["source"] = new string('s', i % 37), ["position"] = (long)i },
        })];
        await using (EmbeddedEventHub hub = _folder.Open())
        {
            await hub.AppendAsync("0", null, sent, default);
        }

        await using EmbeddedEventHub again = _folder.Open();
        List<StoredEvent> read = await HubFolder.ReadAllAsync(again, "0");
        Assert.Equal(
            sent.Select(e => (e.EventBody.ToString(), e.Properties["source"], e.Properties["position"])),
            read.Select(e => e.ToEventData()).Select(e => (e.EventBody.ToString(), e.Properties["source"], e.Properties["position"])));
    }

    [Fact]
    public async Task Properties_ReadBackFromDisk_KeepTheirTypes()
    {
        var sent = new EventData("x") { MessageId = "m" };
        sent.Properties["long"] = 5L;
        sent.Properties["time"] = _folder.Now;
        await using (EmbeddedEventHub hub = _folder.Open())
        {
            await hub.AppendAsync("0", null, [sent, new EventData(Array.Empty<byte>())], default);
        }

        await using EmbeddedEventHub again = _folder.Open();
        List<StoredEvent> read = await HubFolder.ReadAllAsync(again);
        Assert.Equal(sent.Properties, read[0].Properties);
        Assert.Equal("m", read[0].ToEventData().MessageId);
        Assert.Equal(0, read[1].Body.Length);
    }

    [Fact]
    public async Task Append_WithoutPartitionOrKey_GoesRoundRobin()
    {
        await using EmbeddedEventHub hub = _folder.Open(partitions: 3);
        for (int i = 0; i < 6; i++)
        {
            await hub.AppendAsync(null, null, HubFolder.Events(i, 1), default);
        }

        Assert.Equal(["0", "1", "2"], hub.PartitionIds);
        Assert.All(hub.PartitionIds, id => Assert.Equal(1, hub.LastSequenceNumber(id)));
    }

    [Fact]
    public async Task Append_AfterReopen_ContinuesTheSequence()
    {
        await using (EmbeddedEventHub hub = _folder.Open())
        {
            await hub.AppendAsync("0", null, HubFolder.Events(0, 5), default);
        }

        await using EmbeddedEventHub again = _folder.Open();
        await again.AppendAsync("0", null, HubFolder.Events(5, 5), default);
        List<StoredEvent> read = await HubFolder.ReadAllAsync(again);
        Assert.Equal(Enumerable.Range(0, 10), read.Select(HubFolder.NumberOf));
        Assert.Equal(Enumerable.Range(0, 10), read.Select(e => (int)e.SequenceNumber));
    }

    [Fact]
    public async Task Append_FromManyAtOnce_KeepsEachCallTogetherAndInOrder()
    {
        await using EmbeddedEventHub hub = _folder.Open();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (int call = 0; call < 200; call++)
            {
                await hub.AppendAsync(null, $"{writer}", HubFolder.Events(call * 3, 3), default);
            }
        })));

        List<StoredEvent> read = await HubFolder.ReadAllAsync(hub);
        Assert.Equal(Enumerable.Range(0, 4800), read.Select(e => (int)e.SequenceNumber));
        Assert.All(read.Chunk(3), call => Assert.Single(call.Select(e => e.PartitionKey).Distinct()));
        Assert.All(
            read.GroupBy(e => e.PartitionKey),
            writer => Assert.Equal(Enumerable.Range(0, 600), writer.Select(HubFolder.NumberOf)));
    }

    [Fact]
    public async Task Wait_EndsWithTheNextEvent_AndNotBefore()
    {
        await using EmbeddedEventHub hub = _folder.Open();
        Task waiting = hub.WaitAsync("0", -1, default).AsTask();
        Assert.False(waiting.IsCompleted);
        await hub.AppendAsync("0", null, HubFolder.Events(0, 1), default);
        await waiting;
        Assert.True(hub.WaitAsync("0", -1, default).AsTask().IsCompleted);

        using var stop = new CancellationTokenSource();
        Task next = hub.WaitAsync("0", 0, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Dispose_EndsWaitingReaders_AndRefusesWhatComesAfter()
    {
        EmbeddedEventHub hub = _folder.Open();
        Task waiting = hub.WaitAsync("0", -1, default).AsTask();
        await hub.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await hub.AppendAsync("0", null, HubFolder.Events(0, 1), default));
    }

    [Fact]
    public async Task Append_OfMoreThanOneMegabyte_IsRefusedWhole()
    {
        await using EmbeddedEventHub hub = _folder.Open();
        var error = await Assert.ThrowsAsync<EventHubsException>(
            async () => await hub.AppendAsync("0", null, HubFolder.Events(0, 1100, 1000), default));
        Assert.Equal(EventHubsException.FailureReason.MessageSizeExceeded, error.Reason);
        Assert.Equal(-1, hub.LastSequenceNumber("0"));

        var large = new EventData(new byte[1_000_000]);
        await hub.AppendAsync("0", null, [large], default);
        Assert.Equal(1_000_000, (await HubFolder.ReadAllAsync(hub))[0].Body.Length);
    }

    [Fact]
    public async Task BadRequests_AreToldApart()
    {
        await using EmbeddedEventHub hub = _folder.Open(partitions: 2);
        EventData[] one = HubFolder.Events(0, 1);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await hub.AppendAsync("0", "key", one, default));
        foreach (string id in new[] { "2", "-1", "x", "00" })
        {
            var error = await Assert.ThrowsAsync<EventHubsException>(async () => await hub.AppendAsync(id, null, one, default));
            Assert.Equal(EventHubsException.FailureReason.ResourceNotFound, error.Reason);
        }

        one[0].Properties["bad"] = new object();
        await Assert.ThrowsAsync<System.Runtime.Serialization.SerializationException>(
            async () => await hub.AppendAsync("0", null, one, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await hub.SetCheckpointAsync("$Default", "0", 0, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await hub.SetCheckpointAsync("two words", "0", -1, default));
    }

    [Fact]
    public async Task Folder_InUse_OrWithOtherPartitions_IsRefused()
    {
        await using (EmbeddedEventHub hub = _folder.Open(partitions: 2))
        {
            Assert.Throws<IOException>(() => _folder.Open(partitions: 2));
        }

        var error = Assert.Throws<InvalidOperationException>(() => _folder.Open(partitions: 3));
        Assert.Contains("has 2 partitions", error.Message, StringComparison.Ordinal);
        await using EmbeddedEventHub again = _folder.Open(partitions: 2);
    }

    [Fact]
    public async Task Producer_SendsWhereItsOptionsSay()
    {
        await using EmbeddedEventHub hub = _folder.Open(partitions: 4);
        await using var producer = new EmbeddedProducerClient(hub);
        Assert.Equal(["0", "1", "2", "3"], await producer.GetPartitionIdsAsync());
        await producer.SendAsync(HubFolder.Events(0, 2), new SendEventOptions { PartitionId = "3" });
        await producer.SendAsync(HubFolder.Events(0, 1).Where(_ => true), new SendEventOptions { PartitionKey = "TCS" });
        Assert.Equal("0", Encoding.UTF8.GetString((await HubFolder.ReadAllAsync(hub, "3"))[0].Body.Span[..1]));
        Assert.Equal("TCS", (await HubFolder.ReadAllAsync(hub, $"{PartitionHash.PartitionFor("TCS", 4)}"))[^1].PartitionKey);

        await producer.CloseAsync();
        var error = await Assert.ThrowsAsync<EventHubsException>(() => producer.SendAsync([], null!));
        Assert.Equal(EventHubsException.FailureReason.ClientClosed, error.Reason);
    }
}
