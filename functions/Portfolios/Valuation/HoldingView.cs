namespace FinVault.Portfolios;

/// <summary>What an account holds of a symbol, at the price of now. Money is in minor units.</summary>
/// <param name="Symbol">Of what.</param>
/// <param name="Exchange">Code of the exchange, where it is known.</param>
/// <param name="Currency">ISO 4217 of <c>local</c> amounts: what it was traded in.</param>
/// <param name="AccountCurrency">ISO 4217 of <c>account</c> amounts and gains.</param>
/// <param name="Quantity">Units held; below 0 for those that are owed of short sales.</param>
/// <param name="AverageCost">For one unit, in the holding's currency; of what is owed, what it brought. Null for neither.</param>
/// <param name="Lots">How many lots are open.</param>
/// <param name="Price">
/// In the units that are held, also of what was split since. Null where there is none; then what rests on it says why.
/// </param>
/// <param name="Fx">From the price's currency into the account's; null where they are the same, or there is none.</param>
/// <param name="Stale">Whether the price, or the rate, must not be taken for the current one.</param>
/// <param name="Cost">
/// What the open lots cost, fees included; below 0 what those that are owed brought. The account's side at the rates of then.
/// </param>
/// <param name="MarketValue">Quantity × price: below 0 what buying back would cost.</param>
/// <param name="DayChange">Since the close of the day before; of lots bought this day since their purchase.</param>
/// <param name="Unrealized">Market value less cost.</param>
/// <param name="Realized">Of all sales so far, of short ones once they are bought back, and of capital returned beyond its cost.</param>
/// <param name="Income">Dividends so far, less their fees; account's currency.</param>
/// <param name="Charges">Fees so far that no trade caused; account's currency.</param>
public sealed record HoldingView(
    string Symbol, string? Exchange, string Currency, string AccountCurrency, decimal Quantity, decimal? AverageCost,
    int Lots, PricedAt? Price, LiveRate? Fx, bool Stale, FigurePair Cost, FigurePair MarketValue, FigurePair DayChange,
    GainView Unrealized, GainView Realized, long Income, long Charges);

/// <summary>An open lot at the price of now.</summary>
/// <param name="Id">To sell it by.</param>
/// <param name="AcquiredAt">When its holding period began.</param>
/// <param name="Quantity">What is left of it; below 0 of a short sale.</param>
/// <param name="Cost">What that cost.</param>
/// <param name="MarketValue">Quantity × price.</param>
/// <param name="Unrealized">Market value less cost.</param>
public sealed record LotView(
    string Id, DateTimeOffset AcquiredAt, decimal Quantity, FigurePair Cost, FigurePair MarketValue, GainView Unrealized);

/// <summary>A lot, or a part of one, that was sold; or a short sale that was bought back.</summary>
/// <param name="Lot">The lot.</param>
/// <param name="Transaction">The sale, or the purchase that covered.</param>
/// <param name="AcquiredAt">When its holding period began.</param>
/// <param name="ClosedAt">When it was sold, or bought back.</param>
/// <param name="Quantity">As sold; of a short sale below 0.</param>
/// <param name="Cost">What went with it of the lot's cost, or what buying back cost.</param>
/// <param name="Proceeds">After fees.</param>
/// <param name="Realized">The gain.</param>
public sealed record ClosedLotView(
    string Lot, string Transaction, DateTimeOffset AcquiredAt, DateTimeOffset ClosedAt, decimal Quantity, FigurePair Cost,
    FigurePair Proceeds, GainView Realized);

/// <summary>A holding with all its lots: where every figure comes from.</summary>
public sealed record HoldingDetail(
    HoldingView Holding, IReadOnlyList<LotView> OpenLots, IReadOnlyList<ClosedLotView> ClosedLots);
