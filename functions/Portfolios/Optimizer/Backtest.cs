namespace FinVault.Portfolios;

/// <summary>How a rule is tried on the past.</summary>
/// <param name="Window">Days of returns that each decision sees.</param>
/// <param name="Every">Days between decisions.</param>
/// <param name="Cost">Paid for each unit traded, bought or sold: 0.001 is 10 basis points.</param>
/// <param name="RiskFree">Of a year, for the Sharpe ratio.</param>
public sealed record BacktestSettings(int Window = 504, int Every = 21, double Cost = 0.001, double RiskFree = 0);

/// <summary>What a rule would have done.</summary>
/// <param name="Days">Its growth index from 1, after costs; the first day is the one of the first decision.</param>
/// <param name="Decisions">How often weights were decided.</param>
/// <param name="Failures">How often there was no answer, and the weights were left alone.</param>
/// <param name="Turnover">What was traded in all, in parts of the portfolio.</param>
/// <param name="Costs">What that took off the index, summed.</param>
/// <param name="Yearly">Growth a year.</param>
/// <param name="Figures">Volatility, Sharpe and Sortino of the days.</param>
/// <param name="Drawdown">Its deepest fall; null when there are no days.</param>
public sealed record BacktestReport(
    IReadOnlyList<(DateOnly Date, double Index)> Days, int Decisions, int Failures, double Turnover, double Costs,
    Statistic Yearly, RiskFigures Figures, Drawdown? Drawdown);

/// <summary>
/// Walk-forward test on daily closes. A decision sees the returns up to its day's close and nothing later; its weights
/// are traded at that close, at a cost, and earn from the next day on, drifting with prices until the next decision.
/// </summary>
public static class Backtest
{
    /// <param name="closes">Ascending by day; an item an asset, <c>NaN</c> where it has no price.</param>
    /// <param name="decide">
    /// Weights that sum to 1 from the window's returns; null for no answer. Assets without a price for all of the
    /// window have <c>NaN</c> returns and must be given no weight.
    /// </param>
    /// <param name="settings">How it is tried.</param>
    public static BacktestReport Run(
        IReadOnlyList<(DateOnly Date, double[] Closes)> closes, Func<AssetReturns, double[]?> decide,
        BacktestSettings settings)
    {
        ArgumentNullException.ThrowIfNull(closes);
        ArgumentNullException.ThrowIfNull(decide);
        ArgumentNullException.ThrowIfNull(settings);
        double[][] returns = closes.Count == 0 ? [] : AssetReturns.OfPrices([.. closes.Select(day => day.Closes)]).Daily;
        Trial trial = new();
        for (int day = settings.Window; day <= returns.Length; day++)
        {
            if (day > settings.Window)
            {
                trial.Earn(returns[day - 1]);
            }

            if ((day - settings.Window) % settings.Every == 0 && day < returns.Length)
            {
                trial.Decide(decide(new(returns[(day - settings.Window)..day])), settings.Cost);
            }

            trial.Close(closes[day].Date);
        }

        return trial.Report(settings.RiskFree);
    }

    private sealed class Trial
    {
        private readonly List<(DateOnly Date, double Index)> _days = [];
        private double[]? _weights;
        private ReturnSums _sums;
        private double _index = 1;
        private double _turnover;
        private double _costs;
        private int _decisions;
        private int _failures;

        public void Earn(double[] returns)
        {
            if (_weights is null)
            {
                return;
            }

            double[] grown = [.. _weights.Zip(returns, (weight, earned) => weight == 0 ? 0 : weight * (1 + earned))];
            double growth = grown.Sum();
            _weights = [.. grown.Select(weight => weight / growth)];
            _index *= growth;
        }

        public void Decide(double[]? weights, double cost)
        {
            _decisions++;
            if (weights is null)
            {
                _failures++;
                return;
            }

            double traded = weights.Zip(_weights ?? new double[weights.Length], (to, from) => Math.Abs(to - from)).Sum();
            _turnover += traded;
            _costs += _index * traded * cost;
            _index *= 1 - (traded * cost);
            _weights = weights;
        }

        public void Close(DateOnly date)
        {
            if (_days.Count > 0)
            {
                _sums = _sums.Add((_index / _days[^1].Index) - 1);
            }

            _days.Add((date, _index));
        }

        public BacktestReport Report(double riskFree) => new(
            _days, _decisions, _failures, _turnover, _costs,
            _sums.Count < RiskFigures.FewestDays
                ? Statistic.No(UnavailableReason.TooShort, $"{_sums.Count} days are too few.")
                : Statistic.Of(Math.Pow(_index, (double)RiskFigures.TradingDays / _sums.Count) - 1),
            RiskFigures.Of(_sums, riskFree), Portfolios.Drawdown.Of(_days));
    }
}
