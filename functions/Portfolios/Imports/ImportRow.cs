namespace FinVault.Portfolios;

/// <summary>A row as it was read: a transaction, or what is wrong with it.</summary>
/// <param name="Number">As the owner counts.</param>
/// <param name="Transaction">As it was read; its client id is the broker's.</param>
/// <param name="Fault">What is wrong.</param>
internal sealed record ImportRow(int Number, TransactionRequest? Transaction, TransactionFault? Fault)
{
    public static ImportRow Wrong(int number, string code, string detail) => new(number, null, new(code, detail));
}

/// <summary>The words of one activity, wherever they come from.</summary>
/// <param name="Number">As the owner counts.</param>
/// <param name="Kind">buy, sell, …</param>
/// <param name="Symbol">Of what.</param>
/// <param name="Date">When.</param>
/// <param name="Quantity">Units; null for none.</param>
/// <param name="Price">For one.</param>
/// <param name="Amount">Money instead of a price.</param>
/// <param name="Fees">Beside it.</param>
/// <param name="Currency">A code, also of hundredths.</param>
internal sealed record ActivityText(
    int Number, string Kind, string Symbol, string Date, string Quantity, string Price, string Amount, string Fees,
    string Currency)
{
    public string? DateFormat { get; init; }

    public string Exchange { get; init; } = "";

    /// <summary>The broker's own id of the trade.</summary>
    public string Id { get; init; } = "";

    public string Note { get; init; } = "";

    /// <summary>Where its prices come from, if the file says so; MANUAL is a thing without a market.</summary>
    public string Source { get; init; } = "";
}

/// <summary>Makes transactions of what brokers write. Pure.</summary>
internal sealed class RowReader(string preset, DateTimeOffset now)
{
    private const string Manual = "MANUAL";

    // Whoever else writes such files names one of these.
    private static readonly HashSet<string> Sources = new(StringComparer.OrdinalIgnoreCase)
    {
        "", Manual, "YAHOO", "ALPHA_VANTAGE", "COINGECKO", "EOD_HISTORICAL_DATA", "FINANCIAL_MODELING_PREP", "GHOSTFOLIO",
        "GOOGLE_SHEETS", "RAPID_API", "NSE", "BSE",
    };

    public ImportRow Read(ActivityText text)
    {
        (string currency, decimal unit) = CellText.Currency(text.Currency);
        decimal? quantity = text.Quantity.Length == 0 ? 0 : CellText.Number(text.Quantity);
        decimal? price = text.Price.Length == 0 ? 0 : CellText.Number(text.Price);
        decimal? amount = text.Amount.Length == 0 ? 0 : CellText.Number(text.Amount);
        decimal? fees = text.Fees.Length == 0 ? 0 : CellText.Number(text.Fees);
        TransactionKind? kind = CellText.Kind(text.Kind);
        DateTimeOffset? at = CellText.Date(text.Date, text.DateFormat);
        TransactionFault? fault = kind is null ? new("invalid_kind", $"“{Short(text.Kind)}” is no kind of transaction.")
            : at is null ? new("invalid_date", $"“{Short(text.Date)}” is no date with a year of four digits.")
            : !FinVault.Escrow.Currencies.Exists(currency)
                ? new("invalid_currency", $"“{Short(text.Currency)}” is no code of ISO 4217.")
            : quantity is null ? new("invalid_quantity", $"“{Short(text.Quantity)}” is no number.")
            : price is null ? new("invalid_price", $"“{Short(text.Price)}” is no number.")
            : amount is null ? new("invalid_amount", $"“{Short(text.Amount)}” is no number.")
            : fees is null ? new("invalid_fees", $"“{Short(text.Fees)}” is no number.")
            : !Sources.Contains(text.Source) ? new("unknown_data_source", $"“{Short(text.Source)}” is not known.")
            : IsPair(text.Symbol) ? new("symbol_is_pair", "A pair of currencies is written without a dash: BTCUSD.")
            : null;
        return fault is not null
            ? new(text.Number, null, fault)
            : Checked(text, kind!.Value, currency, at!.Value, new(
                quantity!.Value, price!.Value * unit, amount!.Value * unit, fees!.Value * unit));
    }

    private ImportRow Checked(
        ActivityText text, TransactionKind kind, string currency, DateTimeOffset at, Numbers numbers)
    {
        bool isTrade = kind is TransactionKind.Buy or TransactionKind.Sell;
        decimal price = isTrade && numbers.Price == 0 && numbers.Amount > 0 && numbers.Quantity > 0
            ? decimal.Round(numbers.Amount / numbers.Quantity, ExactNumbers.MaxPlaces)
            : numbers.Price;
        // What costs or pays without units is no symbol's, whatever the file calls it.
        bool isOfAccount = kind is TransactionKind.Fee or TransactionKind.Deposit or TransactionKind.Withdrawal;
        TransactionRequest request = new(kind, currency, at)
        {
            Symbol = isOfAccount || text.Symbol.Length == 0 ? null : text.Symbol,
            Exchange = text.Exchange.Length == 0 ? null : text.Exchange,
            Quantity = isTrade ? numbers.Quantity : 0,
            Price = isTrade ? price : 0,
            Amount = isTrade ? null : MoneyOf(numbers, currency),
            Fees = MinorUnits.TryOf(numbers.Fees, currency) ?? -1,
            ClientId = IdOf(text, at),
            Note = NoteOf(text, isOfAccount),
        };
        return TransactionRules.Check(request, at > now) is { } fault
            ? new(text.Number, request, fault)
            : new(text.Number, request, null);
    }

    // Too much is told as too little: the rules refuse either.
    private static long MoneyOf(Numbers numbers, string currency) =>
        (numbers.Amount > 0 ? MinorUnits.TryOf(numbers.Amount, currency)
            : MinorUnits.OfUnits(numbers.Quantity, numbers.Price, currency)) ?? -1;

    private string? IdOf(ActivityText text, DateTimeOffset at)
    {
        string id = FormattableString.Invariant($"{preset}.{at:yyyyMMdd}.{text.Id}");
        return text.Id.Length > 0 && TransactionRules.IsClientId(id) ? id : null;
    }

    private static string? NoteOf(ActivityText text, bool isOfAccount)
    {
        string note = string.Join(
            " – ", new[] { isOfAccount ? text.Symbol : "", text.Note }.Where(part => part.Length > 0));
        note = new string([.. note.Where(c => !char.IsControl(c)).Take(TransactionRules.MaxNote)]);
        return note.Length == 0 ? null : note;
    }

    private static bool IsPair(string symbol) =>
        symbol.LastIndexOf('-') is > 0 and var dash && FinVault.Escrow.Currencies.Exists(symbol[(dash + 1)..]);

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private readonly record struct Numbers(decimal Quantity, decimal Price, decimal Amount, decimal Fees);
}
