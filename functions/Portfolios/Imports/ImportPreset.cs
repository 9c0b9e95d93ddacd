namespace FinVault.Portfolios;

/// <summary>A way to read a broker's table.</summary>
/// <param name="Name">To ask for it by.</param>
/// <param name="Title">For people.</param>
/// <param name="Columns">Names of columns; several of one meaning are separated by a bar.</param>
/// <param name="Needs">Columns that tell the format from others.</param>
internal sealed record ImportPreset(string Name, string Title, ColumnMapping Columns, IReadOnlyList<string> Needs)
{
    public const string Activities = "activities-json";

    /// <summary>Only rows with one of these values in this column are trades; others were never carried out.</summary>
    public (string Column, IReadOnlyList<string> Values)? Only { get; init; }

    /// <summary>Where the file names none; null for the account's.</summary>
    public string? Currency { get; init; }

    /// <summary>What the file calls JSON, for the list.</summary>
    public static ImportPresetView JsonView { get; } = new(Activities, "Activities as JSON (portfolio trackers)", null);

    /// <summary>The first that fits a file's columns is taken; the last fits most.</summary>
    public static IReadOnlyList<ImportPreset> All { get; } =
    [
        new(
            "zerodha-tradebook", "Zerodha Console: tradebook",
            new()
            {
                Date = "order_execution_time|trade_date",
                Symbol = "symbol",
                Kind = "trade_type",
                Quantity = "quantity",
                Price = "price",
                Exchange = "exchange",
                Id = "trade_id",
            },
            ["symbol", "trade_type", "trade_id", "order_execution_time"]) { Currency = "INR" },
        new(
            "groww-orders", "Groww: stocks order history",
            new()
            {
                Date = "Execution date and time",
                Symbol = "Symbol",
                Kind = "Type",
                Quantity = "Quantity",
                Amount = "Value",
                Exchange = "Exchange",
                Id = "Exchange Order Id",
                Note = "Stock name",
            },
            ["Stock name", "Type", "Value", "Exchange Order Id"])
        {
            Currency = "INR",
            Only = ("Order status", ["Executed", "Complete"]),
        },
        new(
            "interactive-brokers", "Interactive Brokers: Flex query of trades",
            new()
            {
                Date = "DateTime|TradeDate",
                Symbol = "Symbol",
                Kind = "Buy/Sell",
                Quantity = "Quantity",
                Price = "TradePrice",
                Fees = "IBCommission",
                Currency = "CurrencyPrimary",
                Exchange = "ListingExchange",
                Id = "TradeID",
            },
            ["CurrencyPrimary", "TradePrice", "Buy/Sell", "IBCommission"]),
        new(
            "generic", "Any table with a date, a symbol, a kind, a quantity and a price",
            new()
            {
                Date = "Date|Trade date|Trade_date|Datetime",
                Symbol = "Code|Symbol|Ticker|ISIN",
                Kind = "Action|Type|Kind|Side|Transaction type",
                Quantity = "Quantity|Qty|Shares|Units",
                Price = "Price|Unit price|UnitPrice|Rate",
                Amount = "Value",
                Fees = "Fee|Fees|Commission|Charges",
                Currency = "Currency|CCY",
                Exchange = "Exchange",
                Id = "Id|Trade id",
                Note = "Note|Comment|Remarks",
            },
            []),
    ];

    /// <summary>The preset of a name, or the one that fits the columns; null for a name that is none.</summary>
    public static ImportPreset? Find(string? name, IReadOnlyList<string> header) => name is null
        ? All.First(preset => preset.Needs.All(need => header.Contains(need, StringComparer.OrdinalIgnoreCase)))
        : All.FirstOrDefault(preset => preset.Name == name);
}
