namespace FinVault.Notifications;

/// <summary>Of giveaways, for their winners and hosts.</summary>
internal sealed class GiveawayTexts : INoticeTexts
{
    public NoticeText? Compose(string kind, NoticeValues values) => kind switch
    {
        NoticeKinds.GiveawayWon => new(
            $"You have won: {values.Text("prizeTitle")}",
            $"You have won {values.Text("prizeTitle")}. Congratulations!\n\n" + Claim(values), Page(values)),
        NoticeKinds.ClaimDue => new(
            $"Claim your prize: {values.Text("prizeTitle")}",
            $"You have won {values.Text("prizeTitle")} and have not claimed it yet.\n\n" + Claim(values), Page(values)),
        NoticeKinds.GiveawayEnded => new(
            "Your giveaway has ended", $"It has {values.Number("winners")} winners. They have been told.", Desk(values)),
        NoticeKinds.GiveawayCancelled => new(
            "Your giveaway was called off",
            "What nobody had won went back into the wallet that paid for it.", Desk(values)),
        NoticeKinds.AirtimePaid => new(
            "Airtime was loaded", $"{values.Money("amount", "currency")} of airtime reached its winner.", Desk(values)),
        NoticeKinds.AirtimeFailed => new(
            "Airtime could not be loaded",
            $"{values.Money("amount", "currency")} of airtime did not reach its winner, and went back into the wallet.",
            Desk(values)),
        _ => null,
    };

    private static string Claim(NoticeValues values) => values.Time("claimBy") is { Length: > 0 } until
        ? $"Claim it on the giveaway's page by {until}, with what you took part with. After that it goes to somebody else."
        : "Claim it on the giveaway's page, with what you took part with.";

    private static string Page(NoticeValues values) => $"#/g/{Uri.EscapeDataString(values.Text("giveaway"))}";

    // An escrow calls its giveaway its reference.
    private static string? Desk(NoticeValues values) =>
        (values.Text("giveaway") + values.Text("reference")) is { Length: > 0 } giveaway
            ? $"#/giveaways/{Uri.EscapeDataString(giveaway)}"
            : null;
}
