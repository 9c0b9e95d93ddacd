namespace FinVault.Portfolios;

/// <summary>g(u) = Σ amount · e^(−u · years): the worth of flows at the rate e^u − 1. Same-day flows are one term.</summary>
internal sealed class ExponentialSum
{
    /// <summary>By so much bounds must differ, or rounding alone might tell them apart where both are equal.</summary>
    private const double Rounding = 1 + 1e-12;

    private readonly double[] _years;
    private readonly double[] _logs;
    private readonly int[] _signs;

    private ExponentialSum(double[] years, double[] amounts)
    {
        _years = years;
        _logs = [.. amounts.Select(amount => Math.Log(Math.Abs(amount)))];
        _signs = [.. amounts.Select(Math.Sign)];
        SignChanges = _signs.Zip(_signs.Skip(1)).Count(pair => pair.First != pair.Second);
    }

    /// <summary>Changes of sign in order of time: no fewer than the roots, and odd or even as they are.</summary>
    public int SignChanges { get; }

    /// <summary>Years from the first flow to the last.</summary>
    public double Span => _years.Length == 0 ? 0 : _years[^1];

    public static ExponentialSum Of(IReadOnlyCollection<DatedFlow> flows)
    {
        DateOnly first = flows.Min(flow => flow.Date);
        var days = flows.GroupBy(flow => flow.Date)
            .Select(day => (Years: (day.Key.DayNumber - first.DayNumber) / 365.0, Amount: day.Sum(flow => flow.Amount)))
            .Where(day => day.Amount != 0)
            .OrderBy(day => day.Years)
            .ToArray();
        return new([.. days.Select(day => day.Years)], [.. days.Select(day => day.Amount)]);
    }

    /// <summary>The sign of g(u). Its greatest term is scaled to 1, so nothing overflows.</summary>
    public int Sign(double u)
    {
        double top = Top(u).Log;
        double sum = 0;
        for (int i = 0; i < _years.Length; i++)
        {
            sum += _signs[i] * Math.Exp(_logs[i] - (u * _years[i]) - top);
        }

        return Math.Sign(sum);
    }

    /// <summary>
    /// Whether g, or the slope of g · e^(u · years of its greatest term), is certainly not 0 anywhere within
    /// <paramref name="half"/> of <paramref name="middle"/>.
    /// </summary>
    public bool CannotVanish(double middle, double half, bool slope)
    {
        (double top, double origin) = Top(middle);
        (double leastPlus, double mostPlus, double leastMinus, double mostMinus) = (0, 0, 0, 0);
        for (int i = 0; i < _years.Length; i++)
        {
            double years = _years[i] - origin;
            double term = Math.Exp(_logs[i] - (middle * _years[i]) - top) * (slope ? Math.Abs(years) : 1);
            double wide = Math.Exp(Math.Abs(years) * half);
            if (_signs[i] * (slope && years > 0 ? -1 : 1) > 0)
            {
                leastPlus += term / wide;
                mostPlus += term * wide;
            }
            else
            {
                leastMinus += term / wide;
                mostMinus += term * wide;
            }
        }

        return leastPlus > mostMinus * Rounding || leastMinus > mostPlus * Rounding;
    }

    private (double Log, double Years) Top(double u)
    {
        (double log, double years) = (double.NegativeInfinity, 0);
        for (int i = 0; i < _years.Length; i++)
        {
            double one = _logs[i] - (u * _years[i]);
            if (one > log)
            {
                (log, years) = (one, _years[i]);
            }
        }

        return (log, years);
    }
}
