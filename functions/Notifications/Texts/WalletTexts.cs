namespace FinVault.Notifications;

/// <summary>Of wallets and payouts.</summary>
internal sealed class WalletTexts : INoticeTexts
{
    private const string Wallet = "#/wallet";
    private const string Premium = "#/premium";

    public NoticeText? Compose(string kind, NoticeValues values) => kind switch
    {
        NoticeKinds.WalletToppedUp => new(
            $"{values.Money("gross", "currency")} received",
            $"{values.Money("gross", "currency")} came into the wallet ({values.Text("reference")}). "
                + $"The provider's fee was {values.Money("fee", "currency")}.",
            Wallet),
        NoticeKinds.WalletLow => new(
            "The wallet runs low",
            $"{values.Money("available", "currency")} is left, less than {values.Money("threshold", "currency")}.", Wallet),
        NoticeKinds.SubscriptionPaid => new(
            "Premium is paid",
            $"{values.Money("amount", "currency")} was paid. Premium is yours until {values.Time("paidUntil")}.", Premium),
        NoticeKinds.SubscriptionDeclined => new(
            "Premium could not be paid",
            $"{values.Money("amount", "currency")} could not be taken. We try again; until {values.Time("paidUntil")} nothing "
                + "changes. See that the way you pay by is good.",
            Premium),
        NoticeKinds.SubscriptionEnded => new(
            "Premium has ended", "What comes with premium is off now. You can have it back at any time.", Premium),
        NoticeKinds.WithdrawalAwaiting => new(
            "A withdrawal waits for approval",
            $"{values.Money("amount", "currency")} is to be paid out. A second person must approve it.",
            Wallet),
        NoticeKinds.WithdrawalCompleted => new(
            $"{values.Money("amount", "currency")} paid out", "The bank has confirmed the payout.", Wallet),
        NoticeKinds.WithdrawalFailed => new(
            "A payout has failed",
            $"{values.Money("amount", "currency")} could not be paid out and is back in the account.", Wallet),
        NoticeKinds.WithdrawalRejected => new(
            "A withdrawal was rejected",
            $"{values.Money("amount", "currency")} is not paid out. The reason: {values.Text("reason")}", Wallet),
        _ => null,
    };
}
