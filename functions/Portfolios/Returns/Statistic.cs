using System.Globalization;
using System.Text.Json.Serialization;

namespace FinVault.Portfolios;

/// <summary>Why a figure is not known.</summary>
public enum UnavailableReason
{
    /// <summary>Nothing was held or nothing is recorded in the window.</summary>
    NoData,

    /// <summary>The window has too few days for the figure to mean anything.</summary>
    TooShort,

    /// <summary>A window of a year or less is not told as a yearly rate.</summary>
    NotBeyondAYear,

    /// <summary>No rate makes the flows worth nothing: they are all of one sign, or never balance.</summary>
    NoRoot,

    /// <summary>More than one rate does, so none is the return.</summary>
    SeveralRoots,

    /// <summary>All flows are of one day, in which no rate has time to work.</summary>
    SameDayFlows,

    /// <summary>A part of the window began with nothing, or less than nothing, at work.</summary>
    NoCapital,

    /// <summary>The returns do not vary, so there is no risk to divide by.</summary>
    NoVolatility,

    /// <summary>A price or a rate that it needs is missing.</summary>
    MissingPrice,

    /// <summary>The close of the day before was never seen.</summary>
    MissingPreviousClose,

    /// <summary>There is no rate between the two currencies.</summary>
    MissingRate,

    /// <summary>More than the number can hold.</summary>
    TooLarge,

    /// <summary>What was asked for cannot be met.</summary>
    Infeasible,
}

/// <summary>Why a figure is not known, for programs and for people.</summary>
public sealed record Unavailable(UnavailableReason Reason, string Detail);

/// <summary>A figure, or why there is none: exactly one of the two. Unknown is never 0.</summary>
/// <param name="Value">0.05 is 5 %.</param>
/// <param name="Unavailable">Why there is no value.</param>
public sealed record Statistic(double? Value, Unavailable? Unavailable)
{
    [JsonIgnore]
    public bool IsAvailable => Value is not null;

    public static Statistic Of(double value) => double.IsFinite(value)
        ? new(value, null)
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A figure is finite.");

    public static Statistic No(UnavailableReason reason, string detail) => new(null, new(reason, detail));

    /// <summary>Goes on with the value, if there is one.</summary>
    public Statistic Then(Func<double, Statistic> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Value is { } value ? next(value) : this;
    }

    public override string ToString() =>
        Value?.ToString("G17", CultureInfo.InvariantCulture) ?? $"{Unavailable!.Reason}: {Unavailable.Detail}";
}
