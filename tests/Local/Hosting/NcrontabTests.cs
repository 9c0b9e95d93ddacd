using System.Globalization;
using FinVault.Local.Hosting;

namespace FinVault.Tests.Local.Hosting;

public class NcrontabTests
{
    [Theory]
    [InlineData("* * * * * *", "2024-01-01 00:00:00", "2024-01-01 00:00:01")]
    [InlineData("0 */5 * * * *", "2024-01-01 00:00:00", "2024-01-01 00:05:00")]
    [InlineData("0 */5 * * * *", "2024-01-01 23:57:30", "2024-01-02 00:00:00")]
    [InlineData("*/5 * * * *", "2024-01-01 00:01:00", "2024-01-01 00:05:00")]
    [InlineData("15,45 * * * * *", "2024-01-01 00:00:15", "2024-01-01 00:00:45")]
    [InlineData("0 0 9-17 * * MON-FRI", "2024-01-05 17:00:00", "2024-01-08 09:00:00")]
    [InlineData("0 30 9 * Jan Monday", "2024-01-30 00:00:00", "2025-01-06 09:30:00")]
    [InlineData("0 0 0 29 2 *", "2024-03-01 00:00:00", "2028-02-29 00:00:00")]
    [InlineData("0 0 0 13 * 5", "2024-01-01 00:00:00", "2024-09-13 00:00:00")]
    [InlineData("0 10/20 * * * *", "2024-01-01 00:11:00", "2024-01-01 00:30:00")]
    [InlineData("0 0 0 1 1 *", "2024-01-01 00:00:00", "2025-01-01 00:00:00")]
    public void Next_IsTheFirstOccurrenceAfter(string text, string after, string expected)
    {
        Assert.True(Ncrontab.TryParse(text, out Ncrontab? schedule));

        Assert.Equal(At(expected), schedule.Next(At(after)));
    }

    [Fact]
    public void Next_WithinASecond_IsTheNextSecond()
    {
        Assert.True(Ncrontab.TryParse("* * * * * *", out Ncrontab? schedule));

        Assert.Equal(At("2024-01-01 00:00:01"), schedule.Next(At("2024-01-01 00:00:00").AddMilliseconds(999)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("0 0 24 * * *")]
    [InlineData("0 0 0 0 * *")]
    [InlineData("0 0 0 1 13 *")]
    [InlineData("0 0 0 * * 7")]
    [InlineData("0 5-3 * * * *")]
    [InlineData("0 */0 * * * *")]
    [InlineData("0 1/2/3 * * * *")]
    [InlineData("0 a * * * *")]
    [InlineData("0 0 0 * * Mo")]
    [InlineData("0 , * * * *")]
    [InlineData("0 -1 * * * *")]
    public void TryParse_WhenItIsNone_Refuses(string text) => Assert.False(Ncrontab.TryParse(text, out _));

    [Theory]
    [InlineData("*/10 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("0,30 0 * * * *", false)]
    [InlineData("00:00:30", true)]
    [InlineData("00:01:00", false)]
    public void IsSubMinute_TellsSchedulesWithoutStatus(string text, bool expected)
    {
        DateTime now = At("2024-01-01 00:00:00");

        Assert.Equal(expected, TimerSchedule.Parse(text, now).IsSubMinute(now));
    }

    private static DateTime At(string text) => DateTime.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
