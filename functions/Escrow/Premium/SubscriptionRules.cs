using FinVault.Platform;

namespace FinVault.Escrow;

/// <summary>What is to be done with a subscription next.</summary>
public enum SubscriptionAction
{
    /// <summary>Nothing ever again.</summary>
    End,
    Wait,

    /// <summary>The next month is due: write down its payment.</summary>
    Begin,

    /// <summary>A payment is written down: have the provider make it.</summary>
    Charge,

    /// <summary>Nothing is paid any more.</summary>
    Lapse,
}

/// <summary>The next step of a subscription.</summary>
/// <param name="User">Whose.</param>
/// <param name="Action">What to do.</param>
/// <param name="Until">For Wait: until when, unless something changes before.</param>
/// <param name="TransferId">For Charge: the payment, and the ledger's transfer when it is paid.</param>
public sealed record SubscriptionStep(
    string User, SubscriptionAction Action, DateTimeOffset? Until = null, string? TransferId = null);

/// <summary>What follows from what a subscription is and what happens to it. Pure.</summary>
internal static class SubscriptionRules
{
    // Longer waits than the days of grace are cut to them anyway.
    private const int MostDoublings = 10;

    /// <summary>A new one: its first month is due at once, or at the end of the trial.</summary>
    public static SubscriptionDocument New(
        string user, string id, string paymentMethod, bool trialUsed, PremiumOptions options, DateTimeOffset now)
    {
        int trial = trialUsed ? 0 : options.TrialDays;
        long anchor = now.AddDays(trial).ToUnixTimeMilliseconds();
        return new(
            user, id, options.Plan, options.Amount, options.Currency, paymentMethod,
            trial > 0 ? SubscriptionState.Active : SubscriptionState.Pending, anchor, anchor, anchor,
            now.ToUnixTimeMilliseconds(), TrialUsed: trialUsed || trial > 0);
    }

    public static SubscriptionStep Next(SubscriptionDocument now, PremiumOptions options, DateTimeOffset time)
    {
        long at = time.ToUnixTimeMilliseconds();
        SubscriptionStep step = new(now.Tenant, SubscriptionAction.Wait);
        return now switch
        {
            { State: SubscriptionState.Ended } => step with { Action = SubscriptionAction.End },
            { Charge: { } open } => step with { Action = SubscriptionAction.Charge, TransferId = open },
            { State: SubscriptionState.Cancelled } => at >= now.PaidUntil
                ? step with { Action = SubscriptionAction.Lapse }
                : step with { Until = now.PaidUntil.ToInstant() },
            // Also one that nobody looked after for so long: a month that is past is not charged.
            _ when at >= GraceEnd(now, options) => step with { Action = SubscriptionAction.Lapse },
            { DueAt: { } due } when at < due => step with { Until = due.ToInstant() },
            _ => step with { Action = SubscriptionAction.Begin },
        };
    }

    /// <summary>Whether premium may be used. Only what was paid once has days of grace.</summary>
    public static bool IsActive(SubscriptionDocument? one, PremiumOptions options, DateTimeOffset time)
    {
        long at = time.ToUnixTimeMilliseconds();
        return one?.State switch
        {
            SubscriptionState.Active or SubscriptionState.PastDue =>
                at < (one.Period > 0 ? GraceEnd(one, options) : one.PaidUntil),
            SubscriptionState.Cancelled => at < one.PaidUntil,
            _ => false,
        };
    }

    /// <summary>It after an event; null where the event does not happen to it.</summary>
    public static SubscriptionDocument? After(
        SubscriptionDocument before, SubscriptionEvent happened, PremiumOptions options, DateTimeOffset time)
    {
        long at = time.ToUnixTimeMilliseconds();
        return SubscriptionTransitions.Next(before.State, happened) is not { } next ? null : happened switch
        {
            SubscriptionEvent.Pay => before with
            {
                State = next, Charge = null, Tries = 0, Period = before.Period + 1, PaidUntil = before.NextUntil,
                DueAt = before.NextUntil,
            },
            SubscriptionEvent.Decline => before with
            {
                State = next, Charge = null, Tries = before.Tries + 1, DueAt = AfterDecline(before, next, options, at),
            },
            SubscriptionEvent.Cancel => before with { State = next, DueAt = before.Charge is null ? before.PaidUntil : before.DueAt },
            SubscriptionEvent.Renew when before.State == SubscriptionState.PastDue =>
                before with { State = next, DueAt = before.Charge is null ? at : before.DueAt },
            // What is over is not taken up again.
            SubscriptionEvent.Renew when at >= before.PaidUntil => null,
            SubscriptionEvent.Renew => before with { State = next },
            SubscriptionEvent.Lapse when before.Charge is not null => null,
            SubscriptionEvent.Lapse => before with { State = next, DueAt = null },
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
        };
    }

    public static Subscription View(SubscriptionDocument one, PremiumOptions options, DateTimeOffset time) => new(
        one.Subscription, one.Plan, one.Amount, one.Currency, one.State, IsActive(one, options, time),
        one is { Period: 0, TrialUsed: true } && time < one.PaidUntil.ToInstant(), one.PaidUntil.ToInstant(),
        one.State is SubscriptionState.Active or SubscriptionState.PastDue ? one.DueAt?.ToInstant() : null,
        one.At.ToInstant());

    private static long? AfterDecline(
        SubscriptionDocument before, SubscriptionState next, PremiumOptions options, long at) => next switch
    {
        SubscriptionState.Ended => null,
        SubscriptionState.Cancelled => before.PaidUntil,
        _ => Math.Min(at + Wait(before.Tries, options), GraceEnd(before, options)),
    };

    private static long Wait(int declinedBefore, PremiumOptions options) =>
        (long)TimeSpan.FromHours(options.RetryHours).TotalMilliseconds << Math.Min(declinedBefore, MostDoublings);

    private static long GraceEnd(SubscriptionDocument one, PremiumOptions options) =>
        one.PaidUntil.ToInstant().AddDays(options.GraceDays).ToUnixTimeMilliseconds();
}
