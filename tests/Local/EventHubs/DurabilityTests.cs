using Azure.Messaging.EventHubs;
using FinVault.Local.EventHubs;

namespace FinVault.Tests.Local.EventHubs;

public sealed class DurabilityTests : IDisposable
{
    private static readonly EventHubOptions Small = new() { SegmentBytes = 4096, CachedBytes = 1 };
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TornTail_AtEveryByte_LosesOnlyTheLastCall()
    {
        await using (EmbeddedEventHub hub = _folder.Open())
        {
            await hub.AppendAsync("0", null, HubFolder.Events(0, 3), default);
            await hub.AppendAsync("0", null, HubFolder.Events(3, 3), default);
        }

        string segment = Assert.Single(_folder.Segments());
        byte[] whole = await File.ReadAllBytesAsync(segment);
        for (int length = (whole.Length / 2) + 1; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(segment, whole[..length]);
            await using EmbeddedEventHub torn = _folder.Open();
            Assert.Equal([0, 1, 2], (await HubFolder.ReadAllAsync(torn)).Select(HubFolder.NumberOf));
            await torn.AppendAsync("0", null, HubFolder.Events(9, 1), default);
            Assert.Equal([0, 1, 2, 9], (await HubFolder.ReadAllAsync(torn)).Select(HubFolder.NumberOf));
        }
    }

    [Fact]
    public async Task FlippedBit_InTheLastCall_IsNotRead()
    {
        await using (EmbeddedEventHub hub = _folder.Open())
        {
            await hub.AppendAsync("0", null, HubFolder.Events(0, 1), default);
            await hub.AppendAsync("0", null, HubFolder.Events(1, 1), default);
        }

        string segment = Assert.Single(_folder.Segments());
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[^3] ^= 4;
        await File.WriteAllBytesAsync(segment, bytes);
        await using EmbeddedEventHub damaged = _folder.Open();
        Assert.Equal([0], (await HubFolder.ReadAllAsync(damaged)).Select(HubFolder.NumberOf));
    }

    [Fact]
    public async Task Damage_InAClosedSegment_IsAnErrorThatNamesTheFile()
    {
        await using (EmbeddedEventHub hub = _folder.Open(options: Small))
        {
            await AppendAsync(hub, 0, 300);
        }

        string oldest = _folder.Segments()[0];
        byte[] bytes = await File.ReadAllBytesAsync(oldest);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(oldest, bytes);
        await using EmbeddedEventHub damaged = _folder.Open(options: Small);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => HubFolder.ReadAllAsync(damaged));
        Assert.Contains(Path.GetFileName(oldest), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    public async Task Read_AcrossManySegments_SkipsAndRepeatsNothing(int step)
    {
        await using (EmbeddedEventHub hub = _folder.Open(options: Small))
        {
            await AppendAsync(hub, 0, 400);
            Assert.Equal(Enumerable.Range(0, 400), (await HubFolder.ReadAllAsync(hub, step: step)).Select(HubFolder.NumberOf));
        }

        Assert.True(_folder.Segments().Length > 2);
        await using EmbeddedEventHub again = _folder.Open(options: Small);
        await AppendAsync(again, 400, 100);
        Assert.Equal(Enumerable.Range(0, 500), (await HubFolder.ReadAllAsync(again, step: step)).Select(HubFolder.NumberOf));
        IReadOnlyList<StoredEvent> middle = await again.ReadAsync("0", 249, 3, default);
        Assert.Equal([250, 251, 252], middle.Select(HubFolder.NumberOf));
    }

    [Fact]
    public async Task SyncToDisk_StoresTheSame()
    {
        var synced = new EventHubOptions { SyncToDisk = true };
        await using (EmbeddedEventHub hub = _folder.Open(partitions: 2, synced))
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(
                i => hub.AppendAsync($"{i % 2}", null, HubFolder.Events(i, 1), default).AsTask()));
        }

        await using EmbeddedEventHub again = _folder.Open(partitions: 2, synced);
        var read = (await HubFolder.ReadAllAsync(again)).Concat(await HubFolder.ReadAllAsync(again, "1"));
        Assert.Equal(Enumerable.Range(0, 50), read.Select(HubFolder.NumberOf).Order());
    }

    [Fact]
    public async Task Checkpoints_SurviveReopen_AndATornLine()
    {
        await using (EmbeddedEventHub hub = _folder.Open(partitions: 2))
        {
            await hub.AppendAsync("0", null, HubFolder.Events(0, 10), default);
            Assert.Equal(-1, hub.GetCheckpoint("$Default", "0"));
            await hub.SetCheckpointAsync("$Default", "0", 3, default);
            await hub.SetCheckpointAsync("$Default", "0", 7, default);
            await hub.SetCheckpointAsync("other", "0", 1, default);
        }

        await File.AppendAllTextAsync(Path.Combine(_folder.Path, "checkpoints"), "01234567 $Default 0 9");
        await using EmbeddedEventHub again = _folder.Open(partitions: 2);
        Assert.Equal((7, 1, -1), (
            again.GetCheckpoint("$Default", "0"), again.GetCheckpoint("other", "0"), again.GetCheckpoint("$Default", "1")));
    }

    [Fact]
    public async Task SequenceNumber_ThatAConsumerHasSeen_IsNeverGivenAgain()
    {
        await using (EmbeddedEventHub hub = _folder.Open())
        {
            await hub.AppendAsync("0", null, HubFolder.Events(0, 10), default);
            await hub.SetCheckpointAsync("$Default", "0", 9, default);
        }

        // As after a power cut that the disk had not been waited for.
        File.Delete(Assert.Single(_folder.Segments()));
        await using EmbeddedEventHub again = _folder.Open();
        await again.AppendAsync("0", null, HubFolder.Events(10, 1), default);
        IReadOnlyList<StoredEvent> read = await again.ReadAsync("0", again.GetCheckpoint("$Default", "0"), 10, default);
        Assert.Equal(10, Assert.Single(read).SequenceNumber);
    }

    [Fact]
    public async Task Retention_DeletesOldSegments_ButNothingUnprocessed()
    {
        await using EmbeddedEventHub hub = _folder.Open(options: Small);
        Assert.Equal(-1, hub.GetCheckpoint("$Default", "0"));
        await AppendAsync(hub, 0, 400);
        _folder.Now += TimeSpan.FromHours(25);
        await AppendAsync(hub, 400, 1);
        Assert.Equal(401, (await HubFolder.ReadAllAsync(hub)).Count);

        await hub.SetCheckpointAsync("$Default", "0", 200, default);
        _folder.Now += TimeSpan.FromMinutes(2);
        await AppendAsync(hub, 401, 1);
        long first = (await hub.ReadAsync("0", -1, 1, default))[0].SequenceNumber;
        Assert.InRange(first, 100, 201);

        await hub.SetCheckpointAsync("$Default", "0", 401, default);
        _folder.Now += TimeSpan.FromHours(25);
        await AppendAsync(hub, 402, 200);
        Assert.True((await hub.ReadAsync("0", -1, 1, default))[0].SequenceNumber > 300);
        Assert.Equal(601, hub.LastSequenceNumber("0"));
    }

    [Fact]
    public async Task Retention_BySize_KeepsTheNewest()
    {
        await using EmbeddedEventHub hub = _folder.Open(options: Small with { RetentionBytes = 8192 });
        await AppendAsync(hub, 0, 1000);
        List<StoredEvent> read = await HubFolder.ReadAllAsync(hub);
        Assert.Equal(999, read[^1].SequenceNumber);
        Assert.InRange(read.Count, 50, 400);
        Assert.True(_folder.Segments().Sum(file => new FileInfo(file).Length) <= 8192 + (2 * 4096) + 2048);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FullPartition_RefusesInsteadOfForgetting(bool onDisk)
    {
        EventHubOptions tiny = Small with { MaximumBytes = 20_000, MaximumMemoryBytes = 20_000, RetentionBytes = 1 };
        await using var hub = EmbeddedEventHub.Open(onDisk ? _folder.Path : null, "ticks", 1, _folder, tiny);
        Assert.Equal(-1, hub.GetCheckpoint("$Default", "0"));
        var error = await Assert.ThrowsAsync<EventHubsException>(() => AppendAsync(hub, 0, 2000));
        Assert.Equal((EventHubsException.FailureReason.QuotaExceeded, true), (error.Reason, error.IsTransient));
        List<StoredEvent> read = await HubFolder.ReadAllAsync(hub);
        Assert.Equal(Enumerable.Range(0, read.Count), read.Select(HubFolder.NumberOf));
    }

    [Fact]
    public async Task MemoryOnly_ForgetsWhatEveryGroupHasProcessed()
    {
        await using var hub = EmbeddedEventHub.Open(null, "ticks", 1, _folder, Small with { CachedBytes = 20_000 });
        await AppendAsync(hub, 0, 100);
        await hub.SetCheckpointAsync("$Default", "0", 99, default);
        await AppendAsync(hub, 100, 500);
        await hub.SetCheckpointAsync("$Default", "0", 400, default);
        await AppendAsync(hub, 600, 1);
        List<StoredEvent> read = await HubFolder.ReadAllAsync(hub);
        Assert.InRange(read[0].SequenceNumber, 1, 401);
        Assert.Equal(600, read[^1].SequenceNumber);
    }

    private static async Task AppendAsync(EmbeddedEventHub hub, int first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await hub.AppendAsync("0", null, HubFolder.Events(first + i, 1), default);
        }
    }
}
