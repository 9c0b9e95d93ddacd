using System.Globalization;

namespace FinVault.Portfolios;

/// <summary>
/// The export's tables as CSV (RFC 4180), by file name; money in units of its currency, times in UTC. Text that a
/// spreadsheet would take for a formula is led by an apostrophe, as in <see cref="TaxLossCsv"/>. Pure.
/// </summary>
internal static class ExportCsv
{
    public static IReadOnlyList<string> Files { get; } =
        ["accounts.csv", "transactions.csv", "holdings.csv", "lots.csv", "closed-lots.csv", "days.csv"];

    public static string HeaderOf(string file) => file switch
    {
        "accounts.csv" => "account,name,currency,lotMethod,tracksCash,openedAt,shortSelling",
        "transactions.csv" => "account,id,sequence,kind,status,tradedAt,recordedAt,settlesOn,symbol,exchange,quantity,price,"
            + "amount,fees,currency,ratio,fxRate,fxDate,reverses,reversedBy,import,importRow,clientId,counterpart,note",
        "holdings.csv" => "account,symbol,exchange,quantity,currency,cost,proceeds,income,charges,accountCurrency,accountCost,"
            + "accountRealized,accountRealizedFx",
        "lots.csv" => "account,symbol,lot,acquiredAt,quantity,currency,cost,accountCurrency,accountCost",
        "closed-lots.csv" => "account,symbol,lot,transaction,acquiredAt,closedAt,quantity,accountCurrency,accountCost,"
            + "accountProceeds,accountGain,accountFxGain",
        "days.csv" => "account,date,currency,value,in,out,fx,earned,growth,missing",
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, "There is no such table."),
    };

    /// <summary>An account's rows of a table.</summary>
    public static IEnumerable<string> Rows(string file, ExportedAccount of)
    {
        (string id, string own) = (of.Account.Id, of.Account.Currency);
        return file switch
        {
            "accounts.csv" =>
            [
                Row(
                    id, of.Account.Name, own, of.Account.LotMethod, of.Account.TracksCash, of.Account.OpenedAt,
                    of.Account.ShortSelling),
            ],
            "transactions.csv" => of.Transactions.Select(t => Row(
                id, t.Id, t.Sequence, t.Kind, t.Status, t.TradedAt, t.RecordedAt, t.SettlesOn, t.Symbol, t.Exchange,
                t.Quantity, t.Price, Money(t.Amount, t.Currency), Money(t.Fees, t.Currency), t.Currency, t.Ratio, t.FxRate,
                t.FxDate, t.Reverses, t.ReversedBy, t.Import, t.ImportRow, t.ClientId, t.Counterpart, t.Note)),
            "holdings.csv" => of.Holdings.Select(h => h.Position).Zip(of.Holdings, (p, h) => Row(
                id, p.Symbol, h.Exchange, p.Quantity, p.Currency, Money(p.Cost.Trade, p.Currency),
                Money(p.Proceeds.Trade, p.Currency), Money(p.Income.Trade, p.Currency), Money(p.Charges.Trade, p.Currency),
                own, Money(p.Cost.Account, own), Money(p.RealizedGain, own), Money(p.RealizedFx, own))),
            "lots.csv" => of.Holdings.SelectMany(h => h.Position.Lots.Select(lot => Row(
                id, h.Position.Symbol, lot.Id, lot.AcquiredAt, lot.Quantity, h.Position.Currency,
                Money(lot.Cost.Trade, h.Position.Currency), own, Money(lot.Cost.Account, own)))),
            "closed-lots.csv" => of.ClosedLots.Select(lot => Row(
                id, lot.Symbol, lot.Lot, lot.Transaction, lot.AcquiredAt, lot.ClosedAt, lot.Quantity, own,
                Money(lot.Cost.Account, own), Money(lot.Proceeds.Account, own), Money(lot.Gain, own), Money(lot.FxGain, own))),
            "days.csv" => of.Days.Select(day => Row(
                id, day.Date, own, day.Value is { } value ? Money(value, own) : null, Money(day.In, own), Money(day.Out, own),
                day.Fx is { } fx ? Money(fx, own) : null, day.Earned, day.Growth, string.Join(' ', day.Missing))),
            _ => throw new ArgumentOutOfRangeException(nameof(file), file, "There is no such table."),
        };
    }

    private static decimal Money(long amount, string currency) => MinorUnits.ToDecimal(amount, currency);

    private static string Row(params object?[] fields) => string.Join(',', fields.Select(Field));

    private static string Field(object? value) => value switch
    {
        null => "",
        string text => TaxLossCsv.Text(text),
        bool flag => flag ? "true" : "false",
        Enum name => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.############", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A {value.GetType().Name} is no field.", nameof(value)),
    };
}
