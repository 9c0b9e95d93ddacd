namespace FinVault.Tests.Market.Reference;

/// <summary>
/// The rules for what a feed sends, written down once more from their description and in the plainest way: every kept
/// tick stays in a list, and quotes, rings and bars are worked out from the lists when they are asked for. It shares no
/// code with the app.
/// </summary>
public sealed class ReferenceMarket
{
    // The weekdays on which the NSE was closed, as far as these tests go.
    private static readonly DateOnly[] Holidays = [new(2021, 4, 14), new(2021, 4, 21), new(2021, 5, 13)];

    private readonly Dictionary<string, List<Kept>> _kept = [];
    private readonly Dictionary<(string Symbol, DateOnly Day), decimal> _highestVolume = [];

    public Dictionary<string, long> Counters { get; } = new()
    {
        ["received"] = 0, ["accepted"] = 0, ["late"] = 0, ["duplicate"] = 0, ["tooLate"] = 0, ["outOfSession"] = 0,
        ["rejected"] = 0, ["volumeReset"] = 0,
    };

    /// <summary>The symbols that have a kept tick, with their ticks in order of arrival.</summary>
    public IReadOnlyDictionary<string, List<Kept>> Symbols => _kept;

    /// <summary>Takes the next tick of the feed; null is one that could not be read.</summary>
    public void Take(ReferenceTick? tick)
    {
        Counters["received"]++;
        string outcome = Judge(tick);
        Counters[outcome]++;
        if (outcome is not ("accepted" or "late"))
        {
            return;
        }

        (string, DateOnly) day = (tick!.Symbol, DateOnly.FromDateTime(tick.LocalTime));
        decimal highest = _highestVolume.GetValueOrDefault(day);
        if (outcome == "accepted" && tick.Volume < highest)
        {
            Counters["volumeReset"]++;
        }

        List<Kept> kept = KeptOf(tick.Symbol);
        kept.Add(new Kept(kept.Count + 1, tick, outcome == "accepted", Math.Max(0, tick.Volume - highest)));
        _highestVolume[day] = Math.Max(highest, tick.Volume);
    }

    private string Judge(ReferenceTick? tick)
    {
        if (tick is null || tick.Price <= 0 || tick.Volume < 0)
        {
            return "rejected";
        }

        if (!IsInSession(tick))
        {
            return "outOfSession";
        }

        List<Kept> kept = KeptOf(tick.Symbol);
        if (kept.TakeLast(100)
            .Any(k => k.Tick.Time == tick.Time && k.Tick.Price == tick.Price && k.Tick.Volume == tick.Volume))
        {
            return "duplicate";
        }

        // An accepted tick is never older than the one before, so the last one is the newest.
        Kept? newest = kept.FindLast(k => k.IsAccepted);
        if (newest is null || tick.Time >= newest.Tick.Time)
        {
            return "accepted";
        }

        DateTime endOfMinute = tick.Minute.AddMinutes(1);
        return newest.Tick.Time - endOfMinute > TimeSpan.FromSeconds(120) ? "tooLate" : "late";
    }

    private static bool IsInSession(ReferenceTick tick)
    {
        DateOnly date = DateOnly.FromDateTime(tick.LocalTime);
        TimeSpan time = tick.LocalTime.TimeOfDay;
        bool isTradingDay = date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(date);
        bool isInLivingMemory = tick.Time.Year is >= 1970 and < 2200;
        return tick.IsTest
            ? isInLivingMemory
            : isInLivingMemory && isTradingDay && time >= new TimeSpan(9, 0, 0) && time <= new TimeSpan(16, 0, 0);
    }

    private List<Kept> KeptOf(string symbol)
    {
        if (!_kept.TryGetValue(symbol, out List<Kept>? kept))
        {
            _kept.Add(symbol, kept = []);
        }

        return kept;
    }
}

/// <summary>A tick that was accepted or late.</summary>
/// <param name="Seq">Its number among them, from 1.</param>
/// <param name="Tick">The tick.</param>
/// <param name="IsAccepted">False when it was late.</param>
/// <param name="VolumeIncrement">By how much its volume went over the highest of its day.</param>
public sealed record Kept(long Seq, ReferenceTick Tick, bool IsAccepted, decimal VolumeIncrement);
