using System.Text.RegularExpressions;
using FinVault.Escrow;

namespace FinVault.Portfolios;

/// <summary>What is wrong with a transaction: a stable code, and words for people.</summary>
public sealed record TransactionFault(string Code, string Detail);

/// <summary>What a transaction must be like by itself, before anything is known of the account. Pure.</summary>
public static partial class TransactionRules
{
    public const int MaxPicks = 50;
    public const int MaxNote = 500;

    /// <summary>Nothing that is kept here is older, and nothing is promised for later.</summary>
    public static DateTimeOffset Earliest { get; } = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Latest { get; } = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TransactionKind[] OfMoney =
    [
        TransactionKind.Fee, TransactionKind.Deposit, TransactionKind.Withdrawal, TransactionKind.TransferIn,
        TransactionKind.TransferOut,
    ];

    public static bool IsSymbol(string? symbol) => symbol is not null && SymbolForm().IsMatch(symbol);

    public static bool IsClientId(string? id) => id is not null && ClientIdForm().IsMatch(id);

    /// <summary>The first thing that is wrong, or null.</summary>
    /// <param name="request">What is told.</param>
    /// <param name="isPending">Whether its time is to come: then it may still be without units.</param>
    public static TransactionFault? Check(TransactionRequest request, bool isPending)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CheckForm(request) ?? (request.Kind switch
        {
            TransactionKind.Buy or TransactionKind.Sell => CheckTrade(request, isPending),
            TransactionKind.Split or TransactionKind.BonusIssue => CheckRatio(request),
            TransactionKind.TransferIn or TransactionKind.TransferOut when request.Symbol is not null =>
                CheckUnits(request),
            _ => CheckMoney(request),
        });
    }

    /// <summary>Minor units that the request moves, fees apart; null where they are too many.</summary>
    public static long? AmountOf(TransactionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Kind switch
        {
            TransactionKind.Buy or TransactionKind.Sell =>
                MinorUnits.OfUnits(request.Quantity, request.Price, request.Currency),
            _ => request.Amount ?? MinorUnits.OfUnits(request.Quantity, request.Price, request.Currency),
        };
    }

    private static TransactionFault? CheckForm(TransactionRequest request) => request switch
    {
        _ when !Currencies.Exists(request.Currency) =>
            new("invalid_currency", "currency is no code of ISO 4217, in capitals."),
        _ when request.TradedAt < Earliest || request.TradedAt > Latest =>
            new("invalid_date", "tradedAt is from 1970 to 2099."),
        _ when request.SettlesOn < DateOnly.FromDateTime(request.TradedAt.UtcDateTime).AddDays(-1) =>
            new("invalid_date", "settlesOn is not before the trade."),
        { Symbol: null } when !OfMoney.Contains(request.Kind) => new("missing_symbol", "symbol is needed."),
        { Symbol: { } symbol } when !IsSymbol(symbol) => new(
            "invalid_symbol", "symbol has 1 to 50 letters, digits, spaces and . & - _ : = ^ + ' ( )."),
        { Exchange: { } exchange } when !ExchangeForm().IsMatch(exchange) =>
            new("invalid_exchange", "exchange has 1 to 20 letters, digits, - and _."),
        { ClientId: { } id } when !IsClientId(id) =>
            new("invalid_client_id", "clientId has 1 to 100 letters, digits, _, - and ."),
        { Note: { } note } when note.Length > MaxNote || note.Any(char.IsControl) =>
            new("invalid_note", $"note has {MaxNote} characters at most."),
        { Fees: < 0 or > MinorUnits.Max } => new("invalid_fees", "fees are 0 or more minor units."),
        { Lots: { Count: > 0 } } when request is not { Kind: TransactionKind.TransferIn, Symbol: not null } =>
            new("invalid_lots", "lots are those of a transfer in, of a symbol."),
        { Counterpart: { } other } when !Platform.Ids.IsValid(other, PortfolioAccount.Prefix)
            || request.Kind is not (TransactionKind.TransferIn or TransactionKind.TransferOut) =>
            new("invalid_counterpart", "counterpart is the id of the account at a transfer's other end."),
        { Picks: { } picks } => CheckPicks(request, picks),
        _ => null,
    };

    private static TransactionFault? CheckPicks(TransactionRequest request, IReadOnlyList<LotPick> picks) =>
        picks.Count > MaxPicks || picks.Any(p => p.Quantity <= 0 || !ExactNumbers.IsExact(p.Quantity) || p.LotId.Length > 100)
            ? new("invalid_picks", $"picks has {MaxPicks} lots at most, each with its id and units above 0.")
        : picks.Count > 0 && (request.Kind is not (TransactionKind.Sell or TransactionKind.TransferOut or TransactionKind.Buy)
            || picks.Sum(p => p.Quantity) != request.Quantity || picks.DistinctBy(p => p.LotId).Count() < picks.Count)
            ? new("invalid_picks", "picks are a sale's, transfer's or covering purchase's; each lot is named once, and their units are its own.")
        : null;

    private static TransactionFault? CheckTrade(TransactionRequest request, bool isPending) => request switch
    {
        _ when request.Quantity < 0 || (request.Quantity == 0 && !isPending) || !ExactNumbers.IsExact(request.Quantity) =>
            new("invalid_quantity", "quantity is above 0, with at most 8 decimal digits and 15 in all."),
        _ when request.Price < 0 || !ExactNumbers.IsExact(request.Price) =>
            new("invalid_price", "price is 0 or more, with at most 8 decimal digits and 15 in all."),
        _ when AmountOf(request) is null => new("invalid_amount", "quantity × price is too large."),
        _ when request.Amount is { } told && told != AmountOf(request) =>
            new("invalid_amount", "amount is quantity × price in minor units; leave it out."),
        { Ratio: not null } => NoRatio,
        _ => null,
    };

    private static TransactionFault? CheckRatio(TransactionRequest request) => request switch
    {
        { Ratio: null or <= 0 or > 10_000 } =>
            new("invalid_ratio", "ratio is above 0 and at most 10,000."),
        { Ratio: { } ratio } when !ExactNumbers.IsExact(ratio) || ratio < 0.0001m =>
            new("invalid_ratio", "ratio is 0.0001 or more, with at most 8 decimal digits."),
        { Quantity: not 0 } or { Price: not 0 } or { Amount: not null and not 0 } =>
            new("invalid_amount", "A split or bonus issue moves no money and names no quantity."),
        _ => null,
    };

    // What a transfer brings without lots, or takes, has its amount as cost, or none.
    private static TransactionFault? CheckUnits(TransactionRequest request) => request switch
    {
        _ when request.Quantity <= 0 || !ExactNumbers.IsExact(request.Quantity) =>
            new("invalid_quantity", "quantity is above 0, with at most 8 decimal digits and 15 in all."),
        _ when request.Price < 0 || !ExactNumbers.IsExact(request.Price)
            || AmountOf(request) is not (>= 0 and <= MinorUnits.Max) =>
            new("invalid_amount", "price and amount are 0 or more."),
        { Lots: { Count: > 0 } lots } when lots.Count > MaxPicks || lots.Sum(Units) != request.Quantity
            || lots.Any(lot => Units(lot) == 0 || lot.Cost is < 0 or > MinorUnits.Max
                || lot.AcquiredAt < Earliest || lot.AcquiredAt > request.TradedAt) =>
            new("invalid_lots", $"lots are {MaxPicks} at most, bought before; their units are the transfer's quantity."),
        { Ratio: not null } => NoRatio,
        _ => null,
    };

    // 0 for what no lot can have, so that a sum cannot overflow.
    private static decimal Units(CarriedLot lot) =>
        lot.Quantity > 0 && ExactNumbers.IsExact(lot.Quantity) ? lot.Quantity : 0;

    private static TransactionFault? CheckMoney(TransactionRequest request) => request switch
    {
        _ when request.Quantity < 0 || !ExactNumbers.IsExact(request.Quantity) || request.Price < 0 || !ExactNumbers.IsExact(request.Price) =>
            new("invalid_quantity", "quantity and price are 0 or more."),
        _ when !MovesMoney(request) =>
            new("invalid_amount", "amount is above 0, in minor units."),
        { Ratio: not null } => NoRatio,
        _ => null,
    };

    // A fee may be told as fees beside an amount of nothing.
    private static bool MovesMoney(TransactionRequest request) => AmountOf(request) is { } amount and <= MinorUnits.Max
        && (amount > 0 || (amount == 0 && request is { Kind: TransactionKind.Fee, Fees: > 0 }));

    private static TransactionFault NoRatio { get; } = new("invalid_ratio", "Only splits and bonus issues have a ratio.");

    // Nothing that an id in the store may not hold: / \ ? #.
    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{Nd} .&\-_:=^+'()]{0,49}\z")]
    private static partial Regex SymbolForm();

    [GeneratedRegex(@"^[A-Za-z0-9\-_]{1,20}\z")]
    private static partial Regex ExchangeForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_\-.]{0,99}\z")]
    private static partial Regex ClientIdForm();
}
