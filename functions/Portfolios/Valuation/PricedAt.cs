using FinVault.Market.Calendar;
using FinVault.Market.Live;

namespace FinVault.Portfolios;

/// <summary>The price that a holding is valued at, and how good it is.</summary>
/// <param name="Value">For one unit.</param>
/// <param name="Currency">ISO 4217, of the exchange.</param>
/// <param name="PreviousClose">Of the trading day before; null when it was never seen.</param>
/// <param name="AsOf">When FinVault took it.</param>
/// <param name="EventTime">When the exchange made it.</param>
/// <param name="Stale">True when it must not be taken for the current one.</param>
/// <param name="Session">Where the exchange stands in its day.</param>
/// <param name="Source">The feed or provider that gave it.</param>
public sealed record PricedAt(
    decimal Value, string Currency, decimal? PreviousClose, DateTimeOffset AsOf, DateTimeOffset EventTime, bool Stale,
    SessionState Session, string Source)
{
    internal static PricedAt Of(Quote quote, string currency) => new(
        quote.Price, currency, quote.PreviousClose, quote.AsOf, quote.EventTime, quote.Stale, quote.Session, quote.Source);
}

/// <summary>An amount in the holding's own currency and in its account's; either may be unknown.</summary>
/// <param name="Local">Minor units of the holding's currency.</param>
/// <param name="Account">Minor units of the account's.</param>
public sealed record FigurePair(MoneyFigure Local, MoneyFigure Account)
{
    public static FigurePair Of(DualAmount amount) => new(MoneyFigure.Of(amount.Trade), MoneyFigure.Of(amount.Account));

    public static FigurePair Unknown(UnavailableReason reason) => new(MoneyFigure.Unknown(reason), MoneyFigure.Unknown(reason));
}

/// <summary>A gain in the account's currency, and what of it prices and exchange rates made.</summary>
/// <param name="Total">Minor units of the account's currency: the sum of the two.</param>
/// <param name="Price">What prices made.</param>
/// <param name="Fx">What exchange rates made.</param>
public sealed record GainView(MoneyFigure Total, MoneyFigure Price, MoneyFigure Fx)
{
    public static GainView Of(long total, long fx) => new(MoneyFigure.Of(total), MoneyFigure.Of(total - fx), MoneyFigure.Of(fx));

    public static GainView Unknown(UnavailableReason reason) =>
        new(MoneyFigure.Unknown(reason), MoneyFigure.Unknown(reason), MoneyFigure.Unknown(reason));

    public static GainView operator +(GainView left, GainView right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Total + right.Total, left.Price + right.Price, left.Fx + right.Fx);
    }
}
