using System.ComponentModel;

namespace FinVault.Portfolios;

/// <summary>What a back-test is made of.</summary>
public sealed record BacktestRequest(
    [property: Description("2 to 30 symbols of one currency.")] IReadOnlyList<string> Symbols, RiskProfile Profile)
{
    public LimitsRequest? Limits { get; init; }

    [Description("First day of closes; five years before the last without it, and no earlier.")]
    public DateOnly? From { get; init; }

    [Description("Last day of closes; the last that is over without it.")]
    public DateOnly? To { get; init; }

    [Description("Days of returns that each decision sees: 60 to 504.")]
    public int Window { get; init; } = 252;

    [Description("Days between decisions: 5 to 252.")]
    public int Every { get; init; } = 21;

    [Description("Paid for each unit traded: 0 to 0.05.")]
    public double Cost { get; init; } = 0.001;
}

/// <summary>A day of a back-test: growth from 1, after costs.</summary>
/// <param name="Date">The close's day.</param>
/// <param name="Index">By the rule.</param>
/// <param name="EqualParts">By the same symbols in equal parts, decided on the same days at the same cost.</param>
public sealed record BacktestDay(DateOnly Date, double Index, double EqualParts);

/// <summary>A decision, from the returns of its window and nothing later, traded at its day's close.</summary>
public sealed record BacktestDecision(DateOnly Date, IReadOnlyDictionary<string, double> Weights);

/// <summary>How a rule did. Figures of a year: 0.1 is 10 %.</summary>
/// <param name="Yearly">Growth a year.</param>
/// <param name="Volatility">Of the days.</param>
/// <param name="Sharpe">Over the free rate.</param>
/// <param name="DeepestFall">From a peak: −0.2 is 20 %; null without days.</param>
/// <param name="Turnover">What was traded in all, in parts of the portfolio.</param>
/// <param name="Costs">What that took off the index.</param>
public sealed record BacktestFigures(
    Statistic Yearly, Statistic Volatility, Statistic Sharpe, double? DeepestFall, double Turnover, double Costs);

/// <summary>What a profile's rule would have done.</summary>
/// <param name="Profile">Whose rule.</param>
/// <param name="From">The first day on which two of the symbols have a close; null where there is none.</param>
/// <param name="To">The last.</param>
/// <param name="Window">Days of returns that each decision saw.</param>
/// <param name="Every">Days between decisions.</param>
/// <param name="Cost">Paid for each unit traded.</param>
/// <param name="Days">From the first decision on.</param>
/// <param name="Decisions">Those that had an answer.</param>
/// <param name="Failures">How often there was none, and the weights were left alone.</param>
/// <param name="Rule">How the rule did.</param>
/// <param name="EqualParts">How equal parts did.</param>
/// <param name="Note">Limits of what it says.</param>
public sealed record BacktestView(
    RiskProfile Profile, DateOnly? From, DateOnly? To, int Window, int Every, double Cost, IReadOnlyList<BacktestDay> Days,
    IReadOnlyList<BacktestDecision> Decisions, int Failures, BacktestFigures Rule, BacktestFigures EqualParts, string Note);
