using System.Globalization;

namespace FinVault.Local.Hosting;

/// <summary>When a timer fires: an <see cref="Ncrontab"/> expression or a fixed period (a TimeSpan text).</summary>
public sealed class TimerSchedule
{
    private readonly Ncrontab? _cron;
    private readonly TimeSpan _period;

    private TimerSchedule(Ncrontab? cron, TimeSpan period) => (_cron, _period) = (cron, period);

    /// <exception cref="BindingException">The text is neither, or never comes.</exception>
    public static TimerSchedule Parse(string text, DateTime now)
    {
        if (Ncrontab.TryParse(text, out Ncrontab? cron))
        {
            return cron.Next(now) is null
                ? throw new BindingException($"has a schedule that never comes: '{text}'.")
                : new TimerSchedule(cron, default);
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan period) && period > TimeSpan.Zero)
        {
            return new TimerSchedule(null, period);
        }

        throw new BindingException(
            $"has a schedule that is neither an NCRONTAB expression of 5 or 6 fields nor a time span: '{text}'.");
    }

    /// <summary>The first occurrence after <paramref name="now"/> (UTC).</summary>
    public DateTime Next(DateTime now) => _cron is null ? now + _period : _cron.Next(now) ?? DateTime.MaxValue;

    /// <summary>True where more than one occurrence falls into a minute: TimerSchedule.Create then keeps no status.</summary>
    public bool IsSubMinute(DateTime now) => _cron is null
        ? _period < TimeSpan.FromMinutes(1)
        : Next(now) is var first && Next(first) - first < TimeSpan.FromMinutes(1)
            && Next(Next(first)) - Next(first) < TimeSpan.FromMinutes(1);
}
