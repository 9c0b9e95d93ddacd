using FinVault.Market.Providers;
using FinVault.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Market.Providers;

public sealed class TokenBucketTests
{
    [Fact]
    public void TryTake_HoweverItIsAsked_NeverMoreThanTheLimitInAMinute() => Prop.ForAll(
        Gen.Choose(1, 600).ToArbitrary(),
        Gen.Choose(0, 20_000).ListOf(400).ToArbitrary(),
        (perMinute, pauses) =>
        {
            ManualClock clock = new();
            TokenBucket bucket = new(perMinute, clock);
            Queue<DateTimeOffset> lastMinute = new();
            foreach (int pause in pauses)
            {
                // Short pauses are the interesting ones.
                clock.Advance(TimeSpan.FromMilliseconds(pause / (double)perMinute));
                if (bucket.TryTake())
                {
                    lastMinute.Enqueue(clock.GetUtcNow());
                }

                while (lastMinute.TryPeek(out DateTimeOffset taken)
                    && clock.GetUtcNow() - taken >= TimeSpan.FromMinutes(1))
                {
                    lastMinute.Dequeue();
                }

                if (lastMinute.Count > perMinute)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(120)]
    [InlineData(1000)]
    public void TryTake_AskedAllTheTime_GivesTheLimitPerMinuteLessItsBurst(int perMinute)
    {
        ManualClock clock = new();
        TokenBucket bucket = new(perMinute, clock);
        int[] taken = new int[10];
        for (int tenth = 0; tenth < 6_000; tenth++)
        {
            while (bucket.TryTake())
            {
                taken[tenth / 600]++;
            }

            clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        int sustained = Math.Max(1, perMinute - Math.Max(1, perMinute / 60));
        Assert.All(taken.Skip(1), minute => Assert.InRange(minute, sustained - 1, perMinute));
    }

    [Fact]
    public void Return_GivesBackWhatWasNotUsed()
    {
        TokenBucket bucket = new(5, new ManualClock());
        Assert.True(bucket.TryTake());
        Assert.False(bucket.TryTake());
        bucket.Return();
        bucket.Return();

        Assert.True(bucket.TryTake());
        Assert.False(bucket.TryTake());
    }
}
