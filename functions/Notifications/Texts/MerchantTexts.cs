namespace FinVault.Notifications;

/// <summary>Of merchants.</summary>
internal sealed class MerchantTexts : INoticeTexts
{
    public NoticeText? Compose(string kind, NoticeValues values) => kind switch
    {
        NoticeKinds.MerchantPaid => new(
            "A redeemed card was paid", "The settlement of a redemption is in your account.", "#/shop/money"),
        NoticeKinds.KycDecided => values.Text("kyc") == "approved"
            ? new("Your business is approved", "You can list gift cards now, and redeem them.", "#/shop/money")
            : new("Your business was not approved", $"The reason: {values.Text("reason")}", "#/shop/money"),
        _ => null,
    };
}
