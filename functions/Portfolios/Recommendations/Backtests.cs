using FinVault.Platform;

namespace FinVault.Portfolios;

/// <summary>Tries of a profile's rule on the past (PF-27).</summary>
public sealed class Backtests(CloseTables closes, RecommendationChecks checks, Sectors sectors, TimeProvider time)
{
    private const int MostYears = 5;
    private const int MostSymbols = 30;
    private const string Note =
        "What would have been, on closes that nothing adjusts for splits and dividends, of symbols chosen by who knows how "
        + "they did. It says nothing certain of the future.";

    /// <exception cref="ProblemException">
    /// invalid_request, invalid_limits, unknown_symbol, sector_unknown, range_too_long.
    /// </exception>
    internal async Task<BacktestView> TryAsync(BacktestRequest request, CancellationToken cancellationToken)
    {
        DateOnly to = request.To ?? closes.LastDay();
        if (request.Window is < 60 or > ModelAssets.MostReturns || request.Every is < 5 or > 252
            || request.Cost is not (>= 0 and <= 0.05) || to.Year is < 1970 or > 2200 || request.From > to)
        {
            throw Problems.InvalidRequest.With("The window is 60 to 504 days, every 5 to 252, the cost 0 to 0.05.");
        }

        DateOnly from = request.From ?? to.AddYears(-MostYears);
        if (from < to.AddYears(-MostYears))
        {
            throw Problems.RangeTooLong.With($"A back-test covers {MostYears} years at most.");
        }

        AllocationLimits limits =
            checks.Limits(request.Profile, request.Limits, request.Symbols) ?? ProfileLimits.Of(request.Profile);
        string[] symbols = await checks.SymbolsAsync(request.Symbols, MostSymbols, null, limits, cancellationToken);
        CloseTable table = await closes.ReadAsync(symbols, from, to, cancellationToken);
        // Before two of them trade there is nothing to decide.
        return Try(request, limits, table with
        {
            Days = [.. table.Days.SkipWhile(day => day.Closes.Count(close => !double.IsNaN(close)) < RecommendationChecks.FewestSymbols)],
        });
    }

    private BacktestView Try(BacktestRequest request, AllocationLimits limits, CloseTable table)
    {
        ModelAsset[] assets = [.. table.Symbols.Select(symbol => new ModelAsset(symbol, sectors.Of(symbol)))];
        BacktestSettings settings = new(request.Window, request.Every, request.Cost, limits.RiskFree);
        List<double[]?> decided = [];
        BacktestReport rule = Backtest.Run(
            table.Days,
            seen =>
            {
                decided.Add(ModelMaking.Decide(limits, assets, seen, time));
                return decided[^1];
            },
            settings);
        BacktestReport equal = Backtest.Run(table.Days, Equal, settings);
        // A decision's day is the last that it sees.
        var decisions = decided.Select((weights, i) => (Date: table.Days[request.Window + (i * request.Every)].Date, weights));
        return new(
            request.Profile, table.Days.Count == 0 ? null : table.Days[0].Date,
            table.Days.Count == 0 ? null : table.Days[^1].Date, request.Window, request.Every, request.Cost,
            [.. rule.Days.Zip(equal.Days, (one, other) => new BacktestDay(one.Date, one.Index, other.Index))],
            [
                .. decisions.Where(one => one.weights is not null)
                    .Select(one => new BacktestDecision(one.Date, Weights(table.Symbols, one.weights!))),
            ],
            rule.Failures, Figures(rule), Figures(equal), Note);
    }

    private static double[]? Equal(AssetReturns seen)
    {
        bool[] isWhole =
            [.. Enumerable.Range(0, seen.Assets).Select(i => seen.Daily.All(day => !double.IsNaN(day[i])))];
        int count = isWhole.Count(one => one);
        return count == 0 ? null : [.. isWhole.Select(one => one ? 1.0 / count : 0)];
    }

    private static Dictionary<string, double> Weights(IReadOnlyList<string> symbols, double[] weights) => symbols
        .Zip(weights).Where(one => one.Second > 0).OrderByDescending(one => one.Second)
        .ToDictionary(one => one.First, one => one.Second, StringComparer.Ordinal);

    private static BacktestFigures Figures(BacktestReport report) => new(
        report.Yearly, report.Figures.Volatility, report.Figures.Sharpe, report.Drawdown?.Deepest, report.Turnover,
        report.Costs);
}
