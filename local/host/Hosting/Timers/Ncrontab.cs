using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FinVault.Local.Hosting;

/// <summary>
/// A schedule in NCRONTAB: six fields (second, minute, hour, day, month, day of week) or five (no seconds, so second 0), each
/// <c>*</c>, a value, a range, a list or a step; months and week days also by English name. A day must match both day
/// fields. Grammar and rules are those of the NCrontab library, which the Functions timer extension uses. UTC.
/// </summary>
public sealed class Ncrontab
{
    // As far as the schedule is searched: 29 February comes within 8 years even across a century.
    private const int HorizonYears = 9;

    private static readonly ReadOnlyCollection<string> Months = new(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);

    private static readonly ReadOnlyCollection<string> Days = new(["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

    private readonly bool[][] _fields;

    private Ncrontab(bool[][] fields) => _fields = fields;

    public static bool TryParse(string text, [NotNullWhen(true)] out Ncrontab? schedule)
    {
        string[] parts = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        schedule = null;
        if (parts.Length is not (5 or 6))
        {
            return false;
        }

        string[] fields = parts.Length == 5 ? ["0", .. parts] : parts;
        bool[]?[] parsed =
        [
            Field(fields[0], 0, 59), Field(fields[1], 0, 59), Field(fields[2], 0, 23), Field(fields[3], 1, 31),
            Field(fields[4], 1, 12, Months), Field(fields[5], 0, 6, Days),
        ];
        if (Array.TrueForAll(parsed, field => field is not null))
        {
            schedule = new Ncrontab(parsed!);
        }

        return schedule is not null;
    }

    /// <summary>The first occurrence after <paramref name="after"/>; null when there is none in the coming years.</summary>
    public DateTime? Next(DateTime after)
    {
        DateTime time = new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc).AddSeconds(1);
        DateTime end = time.AddYears(HorizonYears);
        while (time < end)
        {
            if (!_fields[4][time.Month])
            {
                time = new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
            }
            else if (!_fields[3][time.Day] || !_fields[5][(int)time.DayOfWeek])
            {
                time = time.Date.AddDays(1);
            }
            else if (!_fields[2][time.Hour])
            {
                time = time.Date.AddHours(time.Hour + 1);
            }
            else if (!_fields[1][time.Minute])
            {
                time = time.AddSeconds(60 - time.Second);
            }
            else if (!_fields[0][time.Second])
            {
                time = time.AddSeconds(1);
            }
            else
            {
                return time;
            }
        }

        return null;
    }

    private static bool[]? Field(string text, int first, int last, IReadOnlyList<string>? names = null)
    {
        var allowed = new bool[last + 1];
        foreach (string item in text.Split(','))
        {
            string[] step = item.Split('/');
            int every = 1;
            if (step.Length > 2
                || (step.Length == 2 && (!int.TryParse(step[1], NumberStyles.None, CultureInfo.InvariantCulture, out every)
                    || every < 1)))
            {
                return null;
            }

            if (Range(step[0], first, last, step.Length == 2, names) is not { } range)
            {
                return null;
            }

            for (int value = range.From; value <= range.To; value += every)
            {
                allowed[value] = true;
            }
        }

        return allowed;
    }

    private static (int From, int To)? Range(string text, int first, int last, bool stepped, IReadOnlyList<string>? names)
    {
        if (text == "*")
        {
            return (first, last);
        }

        string[] ends = text.Split('-');
        if (ends.Length > 2 || Value(ends[0], first, last, names) is not { } from)
        {
            return null;
        }

        // "5/15" steps from 5 to the end; "5" alone is 5.
        int? to = ends.Length == 2 ? Value(ends[1], first, last, names) : stepped ? last : from;
        return to is null || to < from ? null : (from, to.Value);
    }

    private static int? Value(string text, int first, int last, IReadOnlyList<string>? names)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
        {
            return value >= first && value <= last ? value : null;
        }

        for (int i = 0; text.Length >= 3 && i < names?.Count; i++)
        {
            if (text.StartsWith(names[i], StringComparison.OrdinalIgnoreCase))
            {
                return first + i;
            }
        }

        return null;
    }
}
