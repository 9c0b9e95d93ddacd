using System.Text.Json;

namespace FinVault.Notifications;

/// <summary>All texts. The HTML of a mail is made of the same text, so that neither can say what the other does not.</summary>
public sealed class NoticeTexts
{
    private readonly INoticeTexts[] _families =
        [new MarketTexts(), new GiveawayTexts(), new WalletTexts(), new MerchantTexts(), new SecurityTexts()];

    /// <exception cref="InvalidOperationException">The kind has no text.</exception>
    public NoticeText Compose(string kind, JsonElement values, TimeZoneInfo zone)
    {
        NoticeValues read = new(values, zone);
        return _families.Select(family => family.Compose(kind, read)).FirstOrDefault(text => text is not null)
            ?? throw new InvalidOperationException($"The kind {kind} has no text.");
    }
}
