using FinVault.Platform;
using FinVault.Tests.Support;

namespace FinVault.Tests.Platform;

/// <summary>Not each answer is worth a line; what went wrong is, and silence is not taken for an outage.</summary>
public sealed class RequestLinesTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Answers_OutOfTheOrdinary_AreAllTold()
    {
        RequestLines lines = new(new() { OneIn = 10 }, _clock);
        Assert.True(lines.IsTold(200, 5));
        Assert.All(Enumerable.Range(0, 30), _ => Assert.True(lines.IsTold(404, 5)));
        Assert.All(Enumerable.Range(0, 30), _ => Assert.True(lines.IsTold(500, 5)));
        Assert.All(Enumerable.Range(0, 30), _ => Assert.True(lines.IsTold(200, 1_000)));
        Assert.False(lines.IsTold(200, 5));
    }

    [Fact]
    public void Others_AreToldOneInSoMany_AndOnceAMinute()
    {
        RequestLines lines = new(new() { OneIn = 10 }, _clock);
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => lines.IsTold(200, 5)));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(lines.IsTold(204, 5));
        Assert.False(lines.IsTold(204, 5));
    }

    [Fact]
    public void Each_IsTold_WhereNothingIsSaid()
    {
        RequestLines lines = new(new(), _clock);
        Assert.All(Enumerable.Range(0, 30), _ => Assert.True(lines.IsTold(200, 5)));
    }
}
