using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Market.Reference;

/// <summary>
/// Whatever a feed sends and however it is cut into events and batches, the app and the reference agree.
/// </summary>
public sealed class NastyFeedTests
{
    private const int LongestFeed = 600;

    [Fact]
    public void App_OnAnyFeed_AgreesWithTheReference() =>
        Prop.ForAll(Feeds(), numbers =>
        {
            List<string> ticks = NastyFeed.Ticks(numbers);
            ReferenceMarket reference = new();
            ticks.ForEach(json => reference.Take(ReferenceTick.FromJson(json)));
            List<string> expected = ReferenceViews.Of(reference);
            List<string> actual = Play(ticks, new Random(numbers.Length)).Lines();
            Assert.True(expected.SequenceEqual(actual), string.Join('\n', [
                "", .. ticks, "only the reference says:", .. expected.Except(actual), "only the app says:",
                    .. actual.Except(expected)]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void NastyFeed_InItsLength_HasEveryOutcome()
    {
        ReferenceMarket reference = new();
        NastyFeed.Ticks(Enumerable.Range(0, 6_000)).ForEach(json => reference.Take(ReferenceTick.FromJson(json)));
        Assert.All(reference.Counters, counter => Assert.True(counter.Value > 20, $"{counter}"));
    }

    private static AppMarket Play(List<string> ticks, Random random)
    {
        AppMarket app = new();
        for (int at = 0; at < ticks.Count;)
        {
            List<string> bodies = [];
            for (int events = random.Next(1, 5); events > 0 && at < ticks.Count; events--)
            {
                int count = Math.Min(random.Next(1, 8), ticks.Count - at);
                bodies.Add(Body(ticks.GetRange(at, count), random));
                at += count;
            }

            app.Take(bodies);
            app.Store(everything: random.Next(10) == 0);
            if (random.Next(10) == 0)
            {
                app.Restart();
            }
        }

        return app;
    }

    // What is no JSON at all would take the rest of its array with it.
    private static string Body(List<string> ticks, Random random) =>
        random.Next(2) == 0 && ticks.TrueForAll(IsJson) ? $"[{string.Join(',', ticks)}]" : string.Join('\n', ticks);

    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Arbitrary<int[]> Feeds() => Arb.From(
        Gen.Choose(0, LongestFeed).SelectMany(length => Gen.Choose(0, int.MaxValue - 1).ArrayOf(length)), Shorter);

    // Halves first, then ever smaller pieces left out.
    private static IEnumerable<int[]> Shorter(int[] feed)
    {
        for (int piece = feed.Length / 2; piece > 0; piece /= 2)
        {
            for (int at = 0; at + piece <= feed.Length; at += piece)
            {
                yield return [.. feed[..at], .. feed[(at + piece)..]];
            }
        }
    }
}
