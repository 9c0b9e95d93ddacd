namespace FinVault.Portfolios;

/// <summary>
/// An amount of money, or why it cannot be known: exactly one of the two. Never 0 for what is not known.
/// </summary>
/// <param name="Amount">Minor units.</param>
/// <param name="Unavailable">Why there is none.</param>
public sealed record MoneyFigure(long? Amount, Unavailable? Unavailable)
{
    private static readonly Dictionary<UnavailableReason, MoneyFigure> Unknowns = new()
    {
        [UnavailableReason.MissingPrice] = new(null, new(UnavailableReason.MissingPrice, "No price of it was ever seen.")),
        [UnavailableReason.MissingPreviousClose] =
            new(null, new(UnavailableReason.MissingPreviousClose, "The close of the day before was never seen.")),
        [UnavailableReason.MissingRate] =
            new(null, new(UnavailableReason.MissingRate, "There is no rate between the two currencies.")),
        [UnavailableReason.TooLarge] = new(null, new(UnavailableReason.TooLarge, "It is more than the number can hold.")),
    };

    public static MoneyFigure Of(long amount) => new(amount, null);

    /// <summary>Why a price, a close, a rate or an amount is missing.</summary>
    public static MoneyFigure Unknown(UnavailableReason reason) => Unknowns[reason];

    /// <summary>Unknown as soon as one of the two is, for the first one's reason.</summary>
    public static MoneyFigure operator +(MoneyFigure left, MoneyFigure right) => Add(left, right);

    public static MoneyFigure operator -(MoneyFigure left, MoneyFigure right) => Subtract(left, right);

    public static MoneyFigure Add(MoneyFigure left, MoneyFigure right) => Both(left, right, (a, b) => a + b);

    public static MoneyFigure Subtract(MoneyFigure left, MoneyFigure right) => Both(left, right, (a, b) => a - b);

    private static MoneyFigure Both(MoneyFigure left, MoneyFigure right, Func<long, long, long> join)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.Amount is not { } a ? left : right.Amount is not { } b ? right : Of(join(a, b));
    }
}
