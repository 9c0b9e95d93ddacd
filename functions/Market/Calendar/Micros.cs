namespace FinVault.Market.Calendar;

/// <summary>Moments as microseconds since the Unix epoch, UTC: whole numbers that a JSON double still holds exactly.</summary>
public static class Micros
{
    public const long PerSecond = 1_000_000;
    public const long PerMinute = 60 * PerSecond;

    public static long Of(DateTimeOffset time) =>
        (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToTime(long micros) =>
        new(DateTime.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>Now, by the app's clock.</summary>
    public static long Now(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Of(time.GetUtcNow());
    }

    /// <summary>The start of the minute that contains a moment.</summary>
    public static long MinuteOf(long micros) => micros - MathMod(micros, PerMinute);

    private static long MathMod(long value, long modulus) => ((value % modulus) + modulus) % modulus;
}
