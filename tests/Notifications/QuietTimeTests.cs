using System.Globalization;
using FinVault.Notifications;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Notifications;

/// <summary>Quiet hours, by the user's own clock, whatever it does.</summary>
public sealed class QuietTimeTests
{
    private static readonly QuietHours Night = new("22:00", "07:00");

    [Theory]
    [InlineData("Asia/Kolkata", "2026-01-10T16:29:59Z", null)]
    [InlineData("Asia/Kolkata", "2026-01-10T16:30:00Z", "2026-01-11T01:30:00Z")]
    [InlineData("Asia/Kolkata", "2026-01-11T01:29:59Z", "2026-01-11T01:30:00Z")]
    [InlineData("Asia/Kolkata", "2026-01-11T01:30:00Z", null)]
    // The night of 28 March 2026 has no hour from two to three in Berlin: seven o'clock is an hour earlier.
    [InlineData("Europe/Berlin", "2026-03-28T22:30:00Z", "2026-03-29T05:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-27T22:30:00Z", "2026-03-28T06:00:00Z")]
    // The night of 24 October 2026 has the hour from two to three twice.
    [InlineData("Europe/Berlin", "2026-10-24T21:30:00Z", "2026-10-25T06:00:00Z")]
    public void Night_EndsWhenTheUsersOwnClockSaysSo(string zone, string now, string? end) =>
        Assert.Equal(end, Text(Night.EndsAfter(At(now), Zone(zone))));

    [Theory]
    // Half past two does not exist: quiet time ends when the clocks are put forward to three.
    [InlineData("22:00", "02:30", "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z")]
    // Half past two comes twice: the first counts.
    [InlineData("22:00", "02:30", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z")]
    // In the second pass the first is over: the second counts.
    [InlineData("22:00", "02:30", "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z")]
    // An hour of quiet that does not exist.
    [InlineData("02:00", "03:00", "2026-03-29T01:00:00Z", null)]
    public void End_ThatIsNotThereOrThereTwice_IsTheFirstMomentAfterQuiet(string from, string to, string now, string? end) =>
        Assert.Equal(end, Text(new QuietHours(from, to).EndsAfter(At(now), Zone("Europe/Berlin"))));

    [Fact]
    public void End_IsNotQuiet_AndEverythingBeforeItIs() => Prop.ForAll(
        ArbMap.Default.ArbFor<uint>(), ArbMap.Default.ArbFor<uint>(), ArbMap.Default.ArbFor<uint>(),
        (uint from, uint to, uint minute) =>
        {
            QuietHours quiet = new(Hour(from), Hour(to));
            if (quiet.From == quiet.To)
            {
                return true;
            }

            TimeZoneInfo zone = Zone(((from + to) % 3) switch { 0 => "Europe/Berlin", 1 => "America/New_York", _ => "Asia/Kolkata" });
            DateTimeOffset now = At("2026-01-01T00:00:00Z").AddMinutes(minute % (366 * 24 * 60));
            return quiet.EndsAfter(now, zone) is not { } end
                || (end > now && end <= now.AddHours(25) && quiet.EndsAfter(end, zone) is null
                    && quiet.EndsAfter(end.AddMinutes(-1) < now ? now : end.AddMinutes(-1), zone) == end);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Held_IsWhatIsNotUrgent_AndWhatIsUrgentWhenTheUserSaysSo_AndNeverWhatIsAboutSafety()
    {
        DateTimeOffset night = At("2026-01-10T20:00:00Z");
        Preferences quiet = Preferences.Default with { QuietHours = Night };
        Preferences silent = Preferences.Default with { QuietHours = Night with { HoldUrgent = true } };
        NoticeKind wallet = NoticeKinds.Find(NoticeKinds.WalletToppedUp)!;
        NoticeKind alert = NoticeKinds.Find(NoticeKinds.AlertFired)!;
        NoticeKind device = NoticeKinds.Find(NoticeKinds.NewDevice)!;
        Assert.NotNull(quiet.HeldUntil(wallet, night));
        Assert.Null(quiet.HeldUntil(alert, night));
        Assert.Null(quiet.HeldUntil(device, night));
        Assert.NotNull(silent.HeldUntil(alert, night));
        Assert.Null(silent.HeldUntil(device, night));
        Assert.Null(Preferences.Default.HeldUntil(wallet, night));
    }

    private static string Hour(uint number) => new TimeOnly((int)(number % 24), (int)(number / 24 % 4) * 15)
        .ToString("HH:mm", CultureInfo.InvariantCulture);

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
