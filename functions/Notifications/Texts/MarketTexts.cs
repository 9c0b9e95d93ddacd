namespace FinVault.Notifications;

/// <summary>
/// Of prices, portfolios and reminders. An alert has <c>symbol</c>, <c>condition</c> (e.g. <c>above 2,500.00</c>) and
/// <c>price</c>; a plan <c>account</c>, <c>name</c>, <c>plan</c>, <c>orders</c>, <c>isRecorded</c> and <c>expiresAt</c>; a
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
        NoticeKinds.PlanMade when values.Text("isRecorded") == "true" => new(
            $"{values.Text("name")} was rebalanced",
            $"The plan of tonight has recorded orders as you asked for: {values.Number("orders")}.", Plan(values)),
        NoticeKinds.PlanMade => new(
            $"A plan for {values.Text("name")} is ready to review",
            $"The plan of tonight has orders: {values.Number("orders")}. You may confirm it until "
                + $"{values.Time("expiresAt")}.",
            Plan(values)),
        NoticeKinds.Reminder => new(values.Text("title"), values.Text("text"), Path(values.Text("link"))),
        _ => null,
    };

    // When the exchange says that the price was made, and how late it came to us if it did.
    private static string Made(NoticeValues values) => values.Time("at") is not { Length: > 0 } at ? ""
        : values.Text("late") != "true" ? $" The price is of {at}."
        : $" The price is of {at} and came late, {values.Number("delaySeconds")} seconds after.";

    private static string Plan(NoticeValues values) =>
        $"#/portfolio/{values.Text("account")}/rebalance/{values.Text("plan")}";

    // Only ways within the web client.
    private static string? Path(string link) =>
        link.StartsWith("#/", StringComparison.Ordinal) ? link : null;
}
