using FinVault.Platform;
using Microsoft.AspNetCore.Http;

namespace FinVault.Portfolios;

/// <summary>What of an account's past is asked for.</summary>
/// <param name="From">The window begins when this day ends; null for a year before its end.</param>
/// <param name="To">The window ends when this day ends; null for the last snapshot.</param>
/// <param name="Benchmark">A symbol of the market to be measured against; null for none.</param>
/// <param name="Explain">Whether each figure's origin is wanted, too.</param>
public sealed record PerformanceQuery(DateOnly? From, DateOnly? To, string? Benchmark, bool Explain)
{
    public const int MaxYears = 20;

    /// <exception cref="ProblemException">invalid_date, invalid_request.</exception>
    public static PerformanceQuery Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? benchmark = request.Query["benchmark"].ToString() is { Length: > 0 } told ? told : null;
        if (benchmark is not null && !TransactionRules.IsSymbol(benchmark))
        {
            throw Problems.InvalidRequest.With("benchmark is a symbol.");
        }

        string explain = request.Query["explain"].ToString();
        return explain is "" or "true" or "false"
            ? new(Day(request, "from"), Day(request, "to"), benchmark, explain == "true")
            : throw Problems.InvalidRequest.With("explain is true or false.");
    }

    /// <summary>Both days; the window begins when the first ends.</summary>
    /// <param name="last">The last day that there is something of.</param>
    /// <exception cref="ProblemException">invalid_date, range_too_long.</exception>
    public (DateOnly From, DateOnly To) Window(DateOnly last)
    {
        DateOnly to = To is { } asked && asked < last ? asked : last;
        DateOnly from = From ?? (To ?? last).AddYears(-1);
        if (from >= (To ?? last))
        {
            throw Problems.InvalidDate.With("from is before to, and before the last trading day.");
        }

        return to <= from.AddYears(MaxYears)
            ? (from, to > from ? to : from)
            : throw Problems.RangeTooLong.With($"A request covers {MaxYears} years at most.");
    }

    private static DateOnly? Day(HttpRequest request, string name) => QueryValues.Day(name, request.Query[name]);
}
