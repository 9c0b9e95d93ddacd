using System.Text;
using FinVault.Platform;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Platform;

public sealed class IdsTests
{
    private static readonly DateTimeOffset Time = new(2024, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Fact]
    public void New_HasThePrefixAndTheTimeOfTheUlidSpecification()
    {
        // The specification's own example: 1469918176385 ms is 01ARYZ6S41.
        string id = Ids.New("EVENT", DateTimeOffset.FromUnixTimeMilliseconds(1469918176385));

        Assert.StartsWith("EVENT_01ARYZ6S41", id, StringComparison.Ordinal);
        Assert.True(Ids.IsValid(id, "EVENT"));
    }

    [Fact]
    public void New_ManyInOneMillisecondFromManyThreads_AreDistinct()
    {
        string[] ids = new string[20_000];
        Parallel.For(0, ids.Length, i => ids[i] = Ids.New("X", Time));

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void New_InOneMillisecond_SortByCreation()
    {
        // A millisecond of its own, since other tests make ids at the same time.
        DateTimeOffset own = Time.AddYears(3);
        string[] ids = [.. Enumerable.Range(0, 1000).Select(_ => Ids.New("X", own))];

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void New_LaterMillisecond_SortsLater() =>
        Assert.True(string.CompareOrdinal(Ids.New("X", Time), Ids.New("X", Time.AddMilliseconds(1))) < 0);

    [Fact]
    public void Derive_SameSeed_IsTheSameId_AndAnyOtherInputAnother()
    {
        byte[] seed = Encoding.UTF8.GetBytes("order 1");
        string id = Ids.Derive("ENTRY", Time, seed);

        Assert.Equal(id, Ids.Derive("ENTRY", Time, seed));
        Assert.True(Ids.IsValid(id, "ENTRY"));
        string[] others =
        [
            Ids.Derive("ENTRY", Time, Encoding.UTF8.GetBytes("order 2")),
            Ids.Derive("ENTRY", Time.AddMilliseconds(1), seed),
            Ids.Derive("HOLD", Time, seed),
        ];
        Assert.All(others, other => Assert.NotEqual(id[^26..], other[^26..]));
    }

    [Fact]
    public void Derive_OfAnySeed_IsValid() =>
        Prop.ForAll<byte[]>(seed => Ids.IsValid(Ids.Derive("ENTRY", Time, seed), "ENTRY")).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("EVENT_")]
    [InlineData("EVENT_01ARZ3NDEKTSV4RRFFQ69G5FA")]
    [InlineData("EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAVX")]
    [InlineData("EVENT_01arz3ndektsv4rrffq69g5fav")]
    [InlineData("EVENT_81ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("EVENT_01ARZ3NDEKTSV4RRFFQ69G5FAU")]
    [InlineData("OTHER_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("EVENT-01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    public void IsValid_OfAnythingElse_IsFalse(string? id) => Assert.False(Ids.IsValid(id, "EVENT"));
}
