using FinVault.Escrow;
using FinVault.Platform;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Escrow.Premium;

/// <summary>What follows from a subscription's state and an event, without a database.</summary>
public sealed class SubscriptionRulesTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 31, 10, 0, 0, TimeSpan.Zero);
    private static readonly PremiumOptions Options = new();

    private static readonly HashSet<(SubscriptionState, SubscriptionEvent, SubscriptionState)> Table =
    [
        (SubscriptionState.Pending, SubscriptionEvent.Pay, SubscriptionState.Active),
        (SubscriptionState.Pending, SubscriptionEvent.Decline, SubscriptionState.Ended),
        (SubscriptionState.Pending, SubscriptionEvent.Cancel, SubscriptionState.Cancelled),
        (SubscriptionState.Pending, SubscriptionEvent.Lapse, SubscriptionState.Ended),
        (SubscriptionState.Active, SubscriptionEvent.Pay, SubscriptionState.Active),
        (SubscriptionState.Active, SubscriptionEvent.Decline, SubscriptionState.PastDue),
        (SubscriptionState.Active, SubscriptionEvent.Cancel, SubscriptionState.Cancelled),
        (SubscriptionState.Active, SubscriptionEvent.Lapse, SubscriptionState.Ended),
        (SubscriptionState.PastDue, SubscriptionEvent.Pay, SubscriptionState.Active),
        (SubscriptionState.PastDue, SubscriptionEvent.Decline, SubscriptionState.PastDue),
        (SubscriptionState.PastDue, SubscriptionEvent.Renew, SubscriptionState.PastDue),
        (SubscriptionState.PastDue, SubscriptionEvent.Cancel, SubscriptionState.Cancelled),
        (SubscriptionState.PastDue, SubscriptionEvent.Lapse, SubscriptionState.Ended),
        (SubscriptionState.Cancelled, SubscriptionEvent.Pay, SubscriptionState.Cancelled),
        (SubscriptionState.Cancelled, SubscriptionEvent.Decline, SubscriptionState.Cancelled),
        (SubscriptionState.Cancelled, SubscriptionEvent.Renew, SubscriptionState.Active),
        (SubscriptionState.Cancelled, SubscriptionEvent.Lapse, SubscriptionState.Ended),
    ];

    [Fact]
    public void Transitions_AreTheTable()
    {
        foreach (SubscriptionState from in Enum.GetValues<SubscriptionState>())
        {
            foreach (SubscriptionEvent happened in Enum.GetValues<SubscriptionEvent>())
            {
                SubscriptionState? next = SubscriptionTransitions.Next(from, happened);
                Assert.Equal(
                    Table.Where(row => (row.Item1, row.Item2) == (from, happened))
                        .Select(row => (SubscriptionState?)row.Item3).SingleOrDefault(),
                    next);
            }
        }
    }

    /// <summary>
    /// Whatever happens in whatever order: an unpaid subscription has no premium, months are paid one after the other, and
    /// no two payments have one id unless they are one payment.
    /// </summary>
    [Fact]
    public void Anything_ThatHappens_KeepsTheMonthsInOrder() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Event, byte Hours)[]>(), IsSound).QuickCheckThrowOnFailure();

    private static bool IsSound((byte Event, byte Hours)[] happenings)
    {
        DateTimeOffset now = Start;
        SubscriptionDocument one = SubscriptionRules.New(
            "USER_1", Ids.New("SUBSCRIPTION", now), "pm", false, Options, now);
        HashSet<string> begun = [];
        int paid = 0;
        foreach ((byte chosen, byte hours) in happenings)
        {
            now = now.AddHours(hours);
            SubscriptionAction action = SubscriptionRules.Next(one, Options, now).Action;
            if (action == SubscriptionAction.Begin)
            {
                if (!begun.Add(one.NextCharge))
                {
                    return false;
                }

                one = one with { Charge = one.NextCharge };
            }

            SubscriptionEvent happened = Of(chosen, one, action);
            one = SubscriptionRules.After(one, happened, Options, now) ?? one;
            paid += happened == SubscriptionEvent.Pay ? 1 : 0;
            bool sound = one.Period == paid && one.PaidUntil == Start.AddMonths(paid).ToUnixTimeMilliseconds()
                && (paid > 0 || !SubscriptionRules.IsActive(one, Options, now))
                && (one.State != SubscriptionState.Ended || one is { DueAt: null, Charge: null });
            if (!sound)
            {
                return false;
            }
        }

        return true;
    }

    // Payments end only while there is one, and it lapses only when that is the next step.
    private static SubscriptionEvent Of(byte chosen, SubscriptionDocument one, SubscriptionAction action) =>
        (chosen % 4, one.Charge, action) switch
        {
            (0, not null, _) => SubscriptionEvent.Pay,
            (1, not null, _) => SubscriptionEvent.Decline,
            (2, _, _) => SubscriptionEvent.Cancel,
            (_, _, SubscriptionAction.Lapse) => SubscriptionEvent.Lapse,
            _ => SubscriptionEvent.Renew,
        };
}
