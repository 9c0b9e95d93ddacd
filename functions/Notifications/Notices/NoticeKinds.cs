using System.Collections.Frozen;

namespace FinVault.Notifications;

/// <summary>A way to reach somebody.</summary>
public enum NoticeChannel
{
    /// <summary>Stored, and on the live connection at once.</summary>
    InApp,

    Email,
    Telegram,

    /// <summary>Web push, to the browsers that subscribed.</summary>
    Push,
}

/// <summary>How much it matters.</summary>
public enum Importance
{
    Low,
    Normal,

    /// <summary>Delivered at once, also in quiet hours unless the user says otherwise.</summary>
    High,

    /// <summary>About the account's safety: delivered at once, and never switched off.</summary>
    Security,
}

/// <summary>A kind of notice.</summary>
/// <param name="Key">As in preferences, e.g. <c>wallet.toppedUp</c>.</param>
/// <param name="Title">For the list of preferences.</param>
/// <param name="Importance">How much it matters.</param>
/// <param name="Channels">Where it goes unless the user says otherwise.</param>
public sealed record NoticeKind(
    string Key, string Title, Importance Importance, IReadOnlyList<NoticeChannel> Channels)
{
    /// <summary>Channels that the user cannot switch off.</summary>
    public IReadOnlyList<NoticeChannel> Locked =>
        Importance == Importance.Security ? [NoticeChannel.InApp, NoticeChannel.Email] : [];
}

/// <summary>Every kind that there is, with its default channels.</summary>
public static class NoticeKinds
{
    public const string GiveawayWon = "giveaway.won";
    public const string ClaimDue = "giveaway.claimDue";
    public const string GiveawayEnded = "giveaway.ended";
    public const string GiveawayCancelled = "giveaway.cancelled";
    public const string AirtimePaid = "airtime.paid";
    public const string AirtimeFailed = "airtime.failed";
    public const string WalletToppedUp = "wallet.toppedUp";
    public const string WalletLow = "wallet.low";
    public const string WithdrawalAwaiting = "withdrawal.awaitingApproval";
    public const string WithdrawalCompleted = "withdrawal.completed";
    public const string WithdrawalFailed = "withdrawal.failed";
    public const string WithdrawalRejected = "withdrawal.rejected";
    public const string MerchantPaid = "merchant.paid";
    public const string KycDecided = "merchant.kycDecided";
    public const string SubscriptionPaid = "subscription.paid";
    public const string SubscriptionDeclined = "subscription.declined";
    public const string SubscriptionEnded = "subscription.ended";
    public const string AlertFired = "alert.fired";
    public const string PlanMade = "portfolio.planMade";
    public const string Reminder = "reminder";
    public const string NewDevice = "security.newDevice";
    public const string PasswordChanged = "security.passwordChanged";
    public const string SecondFactorChanged = "security.secondFactorChanged";
    public const string CodeReused = "security.codeReused";
    public const string KeyEnds = "security.keyEnds";
    public const string LoginLinked = "security.loginLinked";
    public const string LoginRemoved = "security.loginRemoved";

    /// <summary>Those that were too many, folded into one. No user can choose about it.</summary>
    public const string More = "more";

    private const NoticeChannel App = NoticeChannel.InApp;
    private const NoticeChannel Mail = NoticeChannel.Email;
    private const NoticeChannel Telegram = NoticeChannel.Telegram;
    private const NoticeChannel Push = NoticeChannel.Push;

    public static IReadOnlyList<NoticeKind> All { get; } =
    [
        new(AlertFired, "A price alert", Importance.High, [App, Mail, Telegram, Push]),
        new(PlanMade, "The night has made a plan for a portfolio", Importance.Normal, [App, Mail]),
        new(Reminder, "Reminders", Importance.Normal, [App, Mail, Telegram, Push]),
        new(GiveawayWon, "You have won", Importance.High, [App, Mail, Telegram, Push]),
        new(ClaimDue, "A prize must be claimed soon", Importance.High, [App, Mail, Telegram, Push]),
        new(GiveawayEnded, "A giveaway has ended", Importance.Normal, [App, Mail, Push]),
        new(GiveawayCancelled, "A giveaway was called off", Importance.Normal, [App, Mail, Push]),
        new(AirtimePaid, "Airtime was loaded", Importance.Low, [App]),
        new(AirtimeFailed, "Airtime could not be loaded", Importance.Normal, [App, Mail]),
        new(WalletToppedUp, "Money has come into the wallet", Importance.Normal, [App, Mail]),
        new(WalletLow, "The wallet runs low", Importance.Normal, [App, Mail, Push]),
        new(WithdrawalAwaiting, "A withdrawal waits for approval", Importance.Normal, [App, Mail]),
        new(WithdrawalCompleted, "A payout has been made", Importance.Normal, [App, Mail, Push]),
        new(WithdrawalFailed, "A payout has failed", Importance.Normal, [App, Mail, Push]),
        new(WithdrawalRejected, "A withdrawal was rejected", Importance.Normal, [App, Mail, Push]),
        new(MerchantPaid, "A redeemed card was paid", Importance.Low, [App]),
        new(KycDecided, "Your business was checked", Importance.Normal, [App, Mail, Push]),
        new(SubscriptionPaid, "Premium was paid", Importance.Low, [App, Mail]),
        new(SubscriptionDeclined, "Premium could not be paid", Importance.High, [App, Mail, Push]),
        new(SubscriptionEnded, "Premium has ended", Importance.Normal, [App, Mail]),
        new(NewDevice, "Sign-in from a new device", Importance.Security, [App, Mail, Push]),
        new(PasswordChanged, "Your password was changed", Importance.Security, [App, Mail, Push]),
        new(SecondFactorChanged, "Your second factor was changed", Importance.Security, [App, Mail, Push]),
        new(CodeReused, "A code was used twice", Importance.Security, [App, Mail, Push]),
        new(KeyEnds, "An API key ends soon", Importance.Security, [App, Mail]),
        new(LoginLinked, "Another way to sign in was linked", Importance.Security, [App, Mail, Push]),
        new(LoginRemoved, "A way to sign in was removed", Importance.Security, [App, Mail, Push]),
    ];

    private static readonly FrozenDictionary<string, NoticeKind> ByKey =
        All.ToFrozenDictionary(kind => kind.Key, StringComparer.Ordinal);

    public static NoticeKind? Find(string key) => ByKey.GetValueOrDefault(key);
}
