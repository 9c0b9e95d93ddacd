using System.Globalization;

namespace FinVault.Notifications;

/// <summary>Hours in which nothing but what is urgent reaches out, in the user's own time.</summary>
/// <param name="From">Their first minute, <c>HH:mm</c>.</param>
/// <param name="To">The first minute after them; before <paramref name="From"/> when a midnight lies between.</param>
/// <param name="HoldUrgent">Whether even what matters much is held; what is about the account's safety never is.</param>
public sealed record QuietHours(string From, string To, bool HoldUrgent = false)
{
    private const string Format = "HH:mm";

    internal bool IsValid => TryRead(From, out TimeOnly from) && TryRead(To, out TimeOnly to) && from != to;

    /// <summary>
    /// When the quiet time ends that <paramref name="now"/> falls into; null when it falls into none. Where clocks are put
    /// forward over its end, that is when they are; where they are put back over it, the first of the two times.
    /// </summary>
    public DateTimeOffset? EndsAfter(DateTimeOffset now, TimeZoneInfo zone)
    {
        TryRead(From, out TimeOnly from);
        TryRead(To, out TimeOnly to);
        if (!IsQuiet(now))
        {
            return null;
        }

        // A day has few minutes, and asking each what time it is there knows every rule of every zone.
        DateTimeOffset minute = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), now.Offset);
        while (IsQuiet(minute))
        {
            minute = minute.AddMinutes(1);
        }

        return minute.ToUniversalTime();

        bool IsQuiet(DateTimeOffset at) =>
            TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime).IsBetween(from, to);
    }

    private static bool TryRead(string? text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
