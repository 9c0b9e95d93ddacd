namespace FinVault.Notifications;

/// <summary>
/// Of prices, portfolios and reminders. An alert has <c>symbol</c>, <c>condition</c> (e.g. <c>above 2,500.00</c>) and <c>price</c>; a
/// reminder <c>title</c>, <c>text</c> and <c>link</c>.
/// </summary>
internal sealed class MarketTexts : INoticeTexts
{
    public NoticeText? Compose(string kind, NoticeValues values) => kind switch
    {
        NoticeKinds.AlertFired when values.Text("account").Length > 0 => new(
            $"{values.Text("symbol")} is {values.Text("condition")}",
            $"{values.Text("symbol")} is {values.Text("price")} below its highest close: your alert "
            + $"\"{values.Text("condition")}\" has fired.",
            "#/portfolio"),
        NoticeKinds.AlertFired => new(
            $"{values.Text("symbol")} is {values.Text("condition")}",
            $"{values.Text("symbol")} stands at {values.Text("price")}: your alert \"{values.Text("condition")}\" has fired."
            + Made(values),
            $"#/symbol/{Uri.EscapeDataString(values.Text("symbol"))}"),
        NoticeKinds.Reminder => new(values.Text("title"), values.Text("text"), Path(values.Text("link"))),
        _ => null,
    };

    // When the exchange says that the price was made, and how late it came to us if it did.
    private static string Made(NoticeValues values) => values.Time("at") is not { Length: > 0 } at ? ""
        : values.Text("late") != "true" ? $" The price is of {at}."
        : $" The price is of {at} and came late, {values.Number("delaySeconds")} seconds after.";

    // Only ways within the web client.
    private static string? Path(string link) =>
        link.StartsWith("#/", StringComparison.Ordinal) ? link : null;
}
