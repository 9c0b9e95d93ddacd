using System.Globalization;

namespace FinVault.Portfolios;

/// <summary>
/// The internal rate of return of dated flows on an act/365 basis: the r with Σ amount ÷ (1 + r)^(days ÷ 365) = 0.
/// <para>
/// Flows may have several such rates, or none, and an iteration from a guess would answer whichever it meets. So the
/// roots in u = ln(1 + r) are isolated first, with proof: on an interval the positive and the negative terms are
/// bounded apart, which either shows that they cannot balance, or that the sum is monotone there, in which case its
/// ends tell; else the interval is halved. Descartes' rule for exponential sums says at once that one change of sign
/// has exactly one root. A root is then bisected to the precision of doubles.
/// </para>
/// </summary>
public static class Xirr
{
    /// <summary>
    /// Where flows may have several rates, those looked for: from −99.999 % to ten million per cent a year, and in
    /// short windows whatever multiplies money by less than <see cref="MostGrowth"/> in the whole of it.
    /// </summary>
    public static readonly double MostYearly = Math.Log(1e5);

    public static readonly double MostGrowth = 1e4;

    private const double Narrowest = 1e-7;

    /// <summary>The one rate; else why there is not one: no flows, one day, no root, several roots.</summary>
    public static Statistic Solve(IEnumerable<DatedFlow> flows) => SolveLog(flows).Then(u => Rate(u));

    /// <summary>ln(1 + rate), which is a number even where a few days' gain is beyond all numbers a year.</summary>
    public static Statistic SolveLog(IEnumerable<DatedFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        List<DatedFlow> all = [.. flows];
        if (all.Count == 0)
        {
            return Statistic.No(UnavailableReason.NoData, "There are no flows.");
        }

        if (all.All(flow => flow.Date == all[0].Date))
        {
            return Statistic.No(UnavailableReason.SameDayFlows, $"All flows are of {all[0].Date:yyyy-MM-dd}.");
        }

        double[] roots = [.. Roots(ExponentialSum.Of(all))];
        return roots.Length switch
        {
            0 => Statistic.No(UnavailableReason.NoRoot, "No rate makes the flows worth nothing."),
            1 => Statistic.Of(roots[0]),
            _ => Statistic.No(UnavailableReason.SeveralRoots, string.Create(
                CultureInfo.InvariantCulture,
                $"Each of {string.Join(", ", roots.Select(u => $"{100 * (Math.Exp(u) - 1):F4} %").Distinct())} would do.")),
        };
    }

    /// <summary>e^u − 1 as a figure.</summary>
    public static Statistic Rate(double u) => Math.Exp(u) - 1 is var rate && double.IsFinite(rate) && rate > -1
        ? Statistic.Of(rate)
        : Statistic.No(UnavailableReason.TooShort, "The window is so short that its yearly rate is beyond all numbers.");

    private static IEnumerable<double> Roots(ExponentialSum sum)
    {
        if (sum.SignChanges < 2)
        {
            double far = 700 * (1 + (1 / sum.Span));
            return sum.SignChanges == 0 || sum.Sign(-far) * sum.Sign(far) > 0 ? [] : [Bisect(sum, -far, far)];
        }

        double most = Math.Max(MostYearly, Math.Log(MostGrowth) / sum.Span);
        return Isolate(sum, -most, most).Select(at => Bisect(sum, at.From, at.To));
    }

    /// <summary>Intervals with one root each, ascending. A root that only touches zero counts twice.</summary>
    private static List<(double From, double To)> Isolate(ExponentialSum sum, double from, double to)
    {
        List<(double, double)> found = [];
        Stack<(double From, double To)> open = new([(from, to)]);
        while (open.TryPop(out (double From, double To) interval))
        {
            (double a, double b) = interval;
            (double middle, double half) = ((a + b) / 2, (b - a) / 2);
            if (sum.CannotVanish(middle, half, false))
            {
                continue;
            }

            if (sum.CannotVanish(middle, half, true))
            {
                if (sum.Sign(a) == 0 || sum.Sign(a) * sum.Sign(b) < 0)
                {
                    found.Add(interval);
                }
            }
            else if (half > Narrowest)
            {
                open.Push((middle, b));
                open.Push((a, middle));
            }
            else
            {
                found.Add(interval);
                found.Add(interval);
            }
        }

        return found;
    }

    private static double Bisect(ExponentialSum sum, double from, double to)
    {
        int sign = sum.Sign(from);
        if (sign == 0)
        {
            return from;
        }

        for (int i = 0; i < 200; i++)
        {
            double middle = (from + to) / 2;
            if (middle <= from || middle >= to)
            {
                break;
            }

            (from, to) = sum.Sign(middle) == sign ? (middle, to) : (from, middle);
        }

        return (from + to) / 2;
    }
}
