namespace FinVault.Market.Calendar;

/// <summary>An exchange's zone, hours and holidays. Safe for concurrent use.</summary>
public sealed class Exchange
{
    // A feed may stamp a tick with any date that ISO 8601 can write; outside of this range nothing was ever traded.
    private const long LatestMicros = 7_258_118_400 * Micros.PerSecond; // the year 2200

    private static readonly ExchangeDay NeverTraded = new(DateOnly.MinValue, 0, 0, false, 0, 0, 0, 0, 0);

    private readonly ExchangeSettings _settings;
    private readonly TimeZoneInfo _zone;
    private readonly HashSet<DateOnly> _holidays;
    private readonly HashSet<DateOnly> _specialSessions;

    // Ticks come in day by day: the day of the last question answers nearly all of the next ones.
    private ExchangeDay? _recent;

    internal Exchange(ExchangeSettings settings, ExchangeSettings days)
    {
        _settings = settings;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);
        _holidays = [.. days.Holidays];
        _specialSessions = [.. days.SpecialSessions];
    }

    public string Code => _settings.Code;

    public string Name => _settings.Name;

    /// <summary>ISO 4217, of its prices.</summary>
    public string Currency => _settings.Currency;

    /// <summary>Trades around the clock: every calendar day is a trading day.</summary>
    public bool AlwaysOpen => _settings.AlwaysOpen;

    /// <summary>The exchange's day that contains a moment (microseconds since the Unix epoch).</summary>
    public ExchangeDay DayOf(long micros)
    {
        ExchangeDay? recent = _recent;
        if (recent is not null && micros >= recent.Starts && micros < recent.Ends)
        {
            return recent;
        }

        if (micros is < 0 or > LatestMicros)
        {
            return NeverTraded;
        }

        DateTimeOffset local = TimeZoneInfo.ConvertTime(Micros.ToTime(micros), _zone);
        return _recent = Day(DateOnly.FromDateTime(local.DateTime));
    }

    /// <summary>The exchange's day of a date.</summary>
    public ExchangeDay Day(DateOnly date)
    {
        long At(TimeOnly time) => Micros.Of(InZone(date.ToDateTime(time)));
        long starts = At(TimeOnly.MinValue);
        long ends = Micros.Of(InZone(date.AddDays(1).ToDateTime(default)));
        return AlwaysOpen
            ? new ExchangeDay(date, starts, ends, true, starts, ends - 1, starts, starts, ends)
            : new ExchangeDay(
                date, starts, ends, IsTradingDay(date),
                At(_settings.AcceptFrom), At(_settings.AcceptTo),
                At(_settings.PreOpen), At(_settings.Open), At(_settings.Close));
    }

    public bool IsTradingDay(DateOnly date) =>
        AlwaysOpen
        || _specialSessions.Contains(date)
        || (date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !_holidays.Contains(date));

    /// <summary>The phase of the exchange at a moment.</summary>
    public SessionState StateAt(long micros) => DayOf(micros).StateAt(micros);

    /// <summary>The latest trading day whose trading had opened at a moment.</summary>
    public ExchangeDay LastOpened(long micros)
    {
        ExchangeDay day = DayOf(micros);
        while (!day.IsTrading || micros < day.Open)
        {
            day = Day(day.Date.AddDays(-1));
        }

        return day;
    }

    private DateTimeOffset InZone(DateTime local) => new(local, _zone.GetUtcOffset(local));
}
