namespace FinVault.Portfolios;

/// <summary>What a position is worth at a price and a rate. Minor units.</summary>
/// <param name="Value">Quantity × price, rounded half-even, in the instrument's and the account's currency.</param>
/// <param name="Unrealized">Value less cost, in the account's currency.</param>
/// <param name="UnrealizedFx">The part of it that exchange rates made since the purchases.</param>
public sealed record PositionValue(DualAmount Value, long Unrealized, long UnrealizedFx)
{
    /// <param name="position">What is held.</param>
    /// <param name="price">Of one unit, in the instrument's currency.</param>
    /// <param name="rate">Units of the account's currency for one of the instrument's; 1 where they are the same.</param>
    /// <param name="currency">The account's, ISO 4217.</param>
    public static PositionValue At(Position position, decimal price, decimal rate, string currency)
    {
        ArgumentNullException.ThrowIfNull(position);
        DualAmount value = Worth(position.Quantity, price, rate, position.Currency, currency);
        DualAmount cost = position.Cost;
        long gain = value.Account - cost.Account;
        return new(value, gain, gain - value.PriceGain(cost));
    }

    /// <summary>What a quantity is worth, in both currencies.</summary>
    /// <param name="quantity">Units.</param>
    /// <param name="price">Of one unit, in units of <paramref name="traded"/>.</param>
    /// <param name="rate">Units of <paramref name="account"/> for one of <paramref name="traded"/>.</param>
    /// <param name="traded">ISO 4217.</param>
    /// <param name="account">ISO 4217.</param>
    public static DualAmount Worth(decimal quantity, decimal price, decimal rate, string traded, string account)
    {
        long minor = MinorUnits.Of(quantity * price, traded);
        return new(minor, traded == account ? minor : MinorUnits.Convert(minor, traded, account, rate));
    }

    /// <summary>
    /// The part of a day's change that exchange rates made: what was held when it began, at its end's rate less at its
    /// beginning's. For <see cref="DayValue.Fx"/>.
    /// </summary>
    /// <param name="valueBefore">In minor units of the instrument's currency, when the day before ended.</param>
    /// <param name="rateBefore">Units of <paramref name="account"/> for one of <paramref name="traded"/>, then.</param>
    /// <param name="rateNow">The same when the day ended.</param>
    /// <param name="traded">ISO 4217.</param>
    /// <param name="account">ISO 4217.</param>
    public static long FxOfDay(long valueBefore, decimal rateBefore, decimal rateNow, string traded, string account) =>
        MinorUnits.Convert(valueBefore, traded, account, rateNow)
        - MinorUnits.Convert(valueBefore, traded, account, rateBefore);
}
