using System.Globalization;
using FinVault.Tests.Support;

namespace FinVault.Tests.Market.Reference;

/// <summary>
/// Two real days of the NSE's feed: the reference's counters, and the app's rules against the reference.
/// </summary>
public sealed class RecordedDayTests
{
    [SharedDataFact("data", "ticks", "nse_ticks_2021-06-10.csv.gz")]
    public void App_OnTheFeedOf10June2021_AgreesWithTheReference() =>
        Compare("nse_ticks_2021-06-10.csv.gz", received: 388_390, accepted: 374_598, late: 1_762, 12_030, 1_484);

    [SharedDataFact("data", "ticks", "nse_ticks_2021-04-12.csv.gz")]
    public void App_OnTheFeedOf12April2021_AgreesWithTheReference() =>
        Compare("nse_ticks_2021-04-12.csv.gz", received: 481_854, accepted: 467_630, late: 1_680, 12_544, 4_144);

    private static void Compare(string file, long received, long accepted, long late, long duplicate, long volumeReset)
    {
        List<ReferenceTick> ticks = ReferenceTick.ReadRecording(Repository.Shared("data", "ticks", file));
        ReferenceMarket reference = new();
        ticks.ForEach(reference.Take);
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["received"] = received, ["accepted"] = accepted, ["late"] = late, ["duplicate"] = duplicate,
                ["tooLate"] = 0, ["outOfSession"] = 0, ["rejected"] = 0, ["volumeReset"] = volumeReset,
            },
            reference.Counters);

        AppMarket app = new();
        int batches = 0;
        foreach (ReferenceTick[] batch in ticks.Chunk(997))
        {
            app.Take(batch.Chunk(10).Select(e => string.Join('\n', e.Select(Json))));
            app.Store(everything: false);
            if (++batches % 50 == 0)
            {
                app.Restart();
            }
        }

        Assert.Equal(ReferenceViews.Of(reference), app.Lines());
    }

    private static string Json(ReferenceTick tick) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"symbol":"{{tick.Symbol}}","price":{{tick.Price}},"volume":{{tick.Volume}},"""
        + $$"""
        "eventTime":"{{tick.Time:O}}"}
        """);
}
