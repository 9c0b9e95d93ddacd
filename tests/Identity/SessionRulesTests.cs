using FinVault.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Identity;

/// <summary>Whatever happens in whatever order, the limits of sessions hold.</summary>
public sealed class SessionRulesTests
{
    private static readonly SessionLimits Limits = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(8), 5);
    private static readonly DateTimeOffset Start = new(2024, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Sessions_AreNeverTooManyAndNeverLiveTooLong() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Kind, byte Which, byte Minutes)[]>(),
        steps =>
        {
            DateTimeOffset now = Start;
            IReadOnlyList<Session> all = [];
            foreach ((byte kind, byte which, byte minutes) in steps)
            {
                now += TimeSpan.FromMinutes(minutes % 40);
                string id = $"S{which % 8}";
                SessionChange change = (kind % 4) switch
                {
                    0 => SessionRules.Begin(
                        [.. all.Where(one => one.Id != id)],
                        new(id, now, now, now, "r", "T", SignInMethod.Password, null, null), Limits, now),
                    1 => SessionRules.See(all, id, Limits, now),
                    2 => SessionRules.Rotate(all, id, which % 2 == 0 ? "r" : "old", "r", Limits, now),
                    _ => SessionRules.End(all, id, Limits, now),
                };
                all = change.All ?? all;
                Assert.True(all.Count <= Limits.Count);
                Assert.True(change.Session is not { } session
                    || (now < session.StartedAt + Limits.Absolute && now < session.SeenAt + Limits.Idle));
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rotation_WithAnOlderToken_EndsThatSessionAlone()
    {
        Session one = new("S1", Start, Start, Start, "new", "T", SignInMethod.Password, null, null);
        Session other = one with { Id = "S2" };

        SessionChange change = SessionRules.Rotate([one, other], "S1", "old", "newer", Limits, Start);

        Assert.Null(change.Session);
        Assert.Equal(["S2"], change.All!.Select(session => session.Id));
    }
}
