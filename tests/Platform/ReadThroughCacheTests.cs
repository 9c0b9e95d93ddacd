using FinVault.Platform;
using FinVault.Tests.Support;

namespace FinVault.Tests.Platform;

public sealed class ReadThroughCacheTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock clock = new();
    private int loads;

    [Fact]
    public async Task Get_WithinItsLife_LoadsOnce_AndAgainAfterIt()
    {
        ReadThroughCache<string> cache = Cache();

        Assert.Equal("1", await Get(cache, "a"));
        clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Equal("1", await Get(cache, "a"));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("2", await Get(cache, "a"));
        Assert.Equal((1, 2), (cache.Hits, cache.Misses));
    }

    [Fact]
    public async Task Get_ManyAtOnce_ShareOneLoad()
    {
        ReadThroughCache<string> cache = Cache();
        TaskCompletionSource<string> source = new();

        Task<string>[] asked = [.. Enumerable.Range(0, 100)
            .Select(_ => Get(cache, "a", _ => Counted(source.Task)).AsTask())];
        source.SetResult("value");

        Assert.All(await Task.WhenAll(asked), value => Assert.Equal("value", value));
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task Get_OneWaiterLeaves_TheOthersStillGetTheValue()
    {
        ReadThroughCache<string> cache = Cache();
        TaskCompletionSource<string> source = new();
        using CancellationTokenSource leaves = new();

        Task<string> first = cache.GetAsync("a", Second, _ => source.Task, leaves.Token).AsTask();
        Task<string> second = cache.GetAsync("a", Second, _ => source.Task, default).AsTask();
        await leaves.CancelAsync();
        source.SetResult("value");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("value", await second);
    }

    [Fact]
    public async Task Get_LoadFails_IsThrownToAllWaitersAndNotKept()
    {
        ReadThroughCache<string> cache = Cache();
        TaskCompletionSource<string> source = new();
        Task<string>[] asked = [.. Enumerable.Range(0, 3).Select(_ => Get(cache, "a", _ => source.Task).AsTask())];
        source.SetException(new InvalidOperationException("store down"));

        foreach (Task<string> one in asked)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => one);
        }

        Assert.Equal("1", await Get(cache, "a"));
    }

    [Fact]
    public async Task Get_LoadHangs_TimesOutAndTheNextOneLoadsAfresh()
    {
        ReadThroughCache<string> cache = Cache();
        Task<string> hung = Get(cache, "a", _ => new TaskCompletionSource<string>().Task).AsTask();
        clock.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<TimeoutException>(() => hung);
        Assert.Equal("1", await Get(cache, "a"));
    }

    [Fact]
    public async Task Get_NothingThere_IsRememberedForTheNegativeLifeOnly()
    {
        ReadThroughCache<string?> cache = new("test", new(10) { NegativeTimeToLive = Second }, clock);
        TimeSpan hour = TimeSpan.FromHours(1);

        Assert.Null(await cache.GetAsync("a", hour, _ => Counted(Task.FromResult<string?>(null)), default));
        Assert.Null(await cache.GetAsync("a", hour, _ => Counted(Task.FromResult<string?>(null)), default));
        Assert.Equal(1, loads);
        clock.Advance(Second);
        Assert.Equal("here", await cache.GetAsync("a", hour, _ => Counted(Task.FromResult<string?>("here")), default));
    }

    [Fact]
    public async Task Get_OverTheEntryLimit_DropsTheLeastRecentlyUsed()
    {
        ReadThroughCache<string> cache = Cache(new(2));
        await Get(cache, "a");
        await Get(cache, "b");
        await Get(cache, "a");
        await Get(cache, "c");

        Assert.Equal(2, cache.Count);
        Assert.Equal("1", await Get(cache, "a"));
        Assert.Equal("4", await Get(cache, "b"));
    }

    [Fact]
    public async Task Get_OverTheByteLimit_DropsUntilItFits_AndNeverKeepsWhatIsLargerThanAll()
    {
        ReadThroughCache<string> cache = new("test", new(100, MaxBytes: 10), clock, value => value.Length);
        await Get(cache, "a", _ => Counted("12345"));
        await Get(cache, "b", _ => Counted("12345"));
        await Get(cache, "c", _ => Counted("123456"));
        Assert.Equal(1, cache.Count);

        await Get(cache, "d", _ => Counted("12345678901"));
        Assert.Equal(1, cache.Count);
        Assert.Equal("123456", await Get(cache, "c", _ => Counted("again")));
    }

    [Fact]
    public async Task Invalidate_WhileLoading_KeepsTheOldValueOut()
    {
        ReadThroughCache<string> cache = Cache();
        TaskCompletionSource<string> old = new();
        Task<string> early = Get(cache, "a", _ => old.Task).AsTask();

        cache.Invalidate("a");
        string fresh = await Get(cache, "a", _ => Counted("new"));
        old.SetResult("old");

        Assert.Equal("old", await early);
        Assert.Equal("new", fresh);
        Assert.Equal("new", await Get(cache, "a"));
    }

    [Fact]
    public async Task InvalidatePrefix_DropsTheKeysUnderIt_AndNotTheBareKeyNorItsNeighbours()
    {
        ReadThroughCache<string> cache = Cache();
        string[] keys = ["price", "price:A", "price:B:1", "prices", "prices:A"];
        foreach (string key in keys)
        {
            await Get(cache, key, _ => Counted(key));
        }

        cache.InvalidatePrefix("price");
        loads = 0;
        foreach (string key in keys)
        {
            await Get(cache, key, _ => Counted(key));
        }

        Assert.Equal(2, loads);
    }

    [Fact]
    public void CacheKey_SegmentsWithTheSeparator_StayApart() =>
        Assert.NotEqual(CacheKey.Of("price", "A:B"), CacheKey.Of("price", "A", "B"));

    private ReadThroughCache<string> Cache(CacheLimits? limits = null) => new("test", limits ?? new(100), clock);

    private ValueTask<string> Get(
        ReadThroughCache<string> cache, string key, Func<CancellationToken, Task<string>>? load = null) =>
        cache.GetAsync(key, Second, load ?? (_ => Counted($"{loads + 1}")), default);

    private Task<T> Counted<T>(T value) => Counted(Task.FromResult(value));

    private Task<T> Counted<T>(Task<T> value)
    {
        loads++;
        return value;
    }
}
