namespace FinVault.Portfolios;

/// <summary>What a portfolio was worth when a day ended.</summary>
/// <param name="Date">A trading day.</param>
/// <param name="Value">Minor units; null where it is not known.</param>
/// <param name="Growth">What one unit of money at the beginning had become, blind to flows.</param>
/// <param name="Benchmark">The same of the benchmark; null without one, or where its close is not known.</param>
public sealed record PerformancePoint(DateOnly Date, long? Value, double Growth, double? Benchmark);

/// <summary>The deepest fall in the window, of the growth that is blind to flows.</summary>
/// <param name="Deepest">−0.2 for 20 % below the peak; 0 when it never fell.</param>
/// <param name="From">The peak before it.</param>
/// <param name="To">The trough.</param>
/// <param name="RecoveredOn">The first day at or above that peak again; null while there is none.</param>
/// <param name="Current">How far the last day is below the highest.</param>
public sealed record DrawdownView(double Deepest, DateOnly From, DateOnly To, DateOnly? RecoveredOn, double Current);

/// <summary>What the benchmark did in the window.</summary>
public sealed record BenchmarkView(string Symbol, Statistic Return);

/// <summary>A day whose value is not known.</summary>
/// <param name="Date">The trading day.</param>
/// <param name="Missing">Symbols without a close, pairs of currencies without a rate.</param>
public sealed record UnknownDay(DateOnly Date, IReadOnlyList<string> Missing);

/// <summary>What exchange rates made on a day; minor units.</summary>
public sealed record FxDay(DateOnly Date, long Amount);

/// <summary>Where the figures come from, so that each can be checked by hand.</summary>
/// <param name="Flows">What came and went.</param>
/// <param name="SubPeriods">Their product is the time-weighted return.</param>
/// <param name="MoneyWeightedFlows">The flows whose internal rate is the money-weighted return.</param>
/// <param name="Fx">Days on which exchange rates made something; their sum is the FX gain.</param>
public sealed record PerformanceExplanation(
    IReadOnlyList<BorderFlow> Flows, IReadOnlyList<SubPeriod> SubPeriods, IReadOnlyList<BorderFlow> MoneyWeightedFlows,
    IReadOnlyList<FxDay> Fx);

/// <summary>
/// What was earned in a window, and at which risk. Money is in minor units of <see cref="Currency"/>; a figure that
/// cannot be known says why. <c>EndValue = BeginValue + In − Out + Gain</c>, and <c>FxGain</c> is a part of <c>Gain</c>.
/// </summary>
/// <param name="Account">Null for all accounts together.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="From">The window begins when this day ends.</param>
/// <param name="To">The window ends when this day ends.</param>
/// <param name="Through">Up to this day there are snapshots.</param>
/// <param name="Pending">Whether later ones are being made, or made again.</param>
/// <param name="Live">Whether the last day is this moment.</param>
/// <param name="BeginValue">When the window began.</param>
/// <param name="EndValue">When it ended.</param>
/// <param name="In">Put in from outside.</param>
/// <param name="Out">Taken out.</param>
/// <param name="Gain">What was earned.</param>
/// <param name="FxGain">What of it exchange rates made.</param>
/// <param name="TimeWeighted">Of the whole window, blind to flows.</param>
/// <param name="TimeWeightedYearly">The same a year; only beyond a year.</param>
/// <param name="MoneyWeighted">Of the whole window, as the money was at work.</param>
/// <param name="MoneyWeightedYearly">The internal rate, act/365; only beyond a year.</param>
/// <param name="Volatility">Of daily returns, a year of 252 days.</param>
/// <param name="Sharpe">Mean daily return × 252 ÷ volatility; the free rate is taken for 0.</param>
/// <param name="Sortino">The same by losses alone.</param>
/// <param name="Beta">Against the benchmark.</param>
/// <param name="Alpha">Jensen's, a year.</param>
/// <param name="DayReturn">Of the last day.</param>
/// <param name="YearToDate">Since the last day of the year before the last day's.</param>
/// <param name="Drawdown">Null where it cannot be known: <see cref="DrawdownUnavailable"/> says why.</param>
/// <param name="Benchmark">Null when none was asked for.</param>
/// <param name="Unavailable">Days whose value is not known, the first 20.</param>
/// <param name="Series">At most 500 days, evenly chosen.</param>
/// <param name="Explanation">When it was asked for.</param>
public sealed record PerformanceView(
    string? Account, string Currency, DateOnly From, DateOnly To, DateOnly Through, bool Pending, bool Live,
    MoneyFigure BeginValue, MoneyFigure EndValue, long In, long Out, MoneyFigure Gain, MoneyFigure FxGain,
    Statistic TimeWeighted, Statistic TimeWeightedYearly, Statistic MoneyWeighted, Statistic MoneyWeightedYearly,
    Statistic Volatility, Statistic Sharpe, Statistic Sortino, Statistic Beta, Statistic Alpha, Statistic DayReturn,
    Statistic YearToDate, DrawdownView? Drawdown, BenchmarkView? Benchmark, IReadOnlyList<UnknownDay> Unavailable,
    IReadOnlyList<PerformancePoint> Series, PerformanceExplanation? Explanation)
{
    /// <summary>The holding that it is of; null for an account, or all of them.</summary>
    public string? Symbol { get; init; }

    /// <summary>The lot of that holding; null for all of it.</summary>
    public string? Lot { get; init; }

    /// <summary>Why there is no <see cref="Drawdown"/>; null where there is one.</summary>
    public Unavailable? DrawdownUnavailable { get; init; }

    public const int MaxPoints = 500;
    public const int MaxUnknown = 20;
}
