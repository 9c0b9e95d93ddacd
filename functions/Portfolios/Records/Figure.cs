using System.Text.Json.Serialization;

namespace FinVault.Portfolios;

/// <summary>
/// An amount of money, or why it cannot be known: exactly one of the two. Never 0 for what is not known.
/// </summary>
/// <param name="Amount">Minor units.</param>
/// <param name="Unavailable">A reason of <see cref="Reasons"/>.</param>
public sealed record MoneyFigure(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Amount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unavailable)
{
    public static MoneyFigure Of(long amount) => new(amount, null);

    public static MoneyFigure Unknown(string reason) => new(null, reason);

    /// <summary>Unknown as soon as one of the two is, for the first one's reason.</summary>
    public static MoneyFigure operator +(MoneyFigure left, MoneyFigure right) => Both(left, right, (a, b) => a + b);

    public static MoneyFigure operator -(MoneyFigure left, MoneyFigure right) => Both(left, right, (a, b) => a - b);

    public MoneyFigure Map(Func<long, long> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Amount is { } amount ? Of(change(amount)) : this;
    }

    private static MoneyFigure Both(MoneyFigure left, MoneyFigure right, Func<long, long, long> join)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.Amount is not { } a ? left : right.Amount is not { } b ? right : Of(join(a, b));
    }
}

/// <summary>Why a number cannot be known. Stable.</summary>
public static class Reasons
{
    /// <summary>No tick of the symbol was ever seen.</summary>
    public const string NoPrice = "no_price";

    /// <summary>The close of the day before was never seen.</summary>
    public const string NoPreviousClose = "no_previous_close";

    /// <summary>There is no rate between the two currencies.</summary>
    public const string NoFxRate = "no_fx_rate";

    /// <summary>More than the number can hold.</summary>
    public const string TooLarge = "too_large";
}
