using MathNet.Numerics.LinearAlgebra;

namespace FinVault.Portfolios;

/// <summary>
/// Minimises ½ wᵀQw − λ rᵀw over the weights that a problem allows, by the primal active-set method for convex
/// quadratic programmes (Nocedal and Wright, Numerical Optimization, 16.5). Every iterate is allowed, so that
/// the method can stop at any time; the next λ starts from where the last one ended.
/// <para>
/// A step solves the equality-constrained problem of the free weights through their Cholesky factor and the Schur
/// complement of the active sums. Ties and steps of no length fall back to the lowest index (Bland), which cannot cycle.
/// </para>
/// </summary>
internal sealed class ActiveSet
{
    /// <summary>Multipliers of the wrong sign below this, in parts of the largest variance, count as rounding.</summary>
    public const double Tolerance = 1e-11;

    private const int Total = -1;

    private readonly AllocationProblem _problem;
    private readonly double[][] _covariance;
    private readonly FactoredSet _free;
    private readonly bool[] _isFree;
    private readonly List<int> _active = [Total];
    private readonly double[] _slope; // Qw
    private readonly double _scale;
    private double[] _prices = [0]; // of the active sums, from the last step

    public ActiveSet(AllocationProblem problem, double[][] covariance, double[] start)
    {
        (_problem, _covariance) = (problem, covariance);
        (Weights, _free, _isFree) = ([.. start], new(covariance), new bool[start.Length]);
        _slope = new double[start.Length];
        _scale = Enumerable.Range(0, start.Length).Max(i => covariance[i][i]);
        Refresh();
        for (int i = 0; i < start.Length; i++)
        {
            if (start[i] > problem.Lower[i] && start[i] < problem.Upper[i])
            {
                Free(i);
            }
        }

        if (_free.Count == 0)
        {
            // The sum of all weights needs one that can move, even if none of them does.
            Free(Array.FindIndex(start, weight => weight > 0));
        }
    }

    /// <summary>Allowed at any time.</summary>
    public double[] Weights { get; }

    public int Iterations { get; private set; }

    /// <summary>Whether the matrix failed to be positive definite on some weights.</summary>
    public bool IsSingular { get; private set; }

    public double Variance => VectorMath.Dot(Weights, _slope);

    /// <summary>Steps until no multiplier has the wrong sign, or until told to stop: then false.</summary>
    public bool Minimise(double lambda, Func<bool> stop)
    {
        int idle = 0;
        for (int most = 50 * (_problem.Assets + _problem.SectorCaps.Length); most > 0 && !IsSingular; most--)
        {
            Iterations++;
            if (stop())
            {
                return false;
            }

            double[] step = Direction(i => _slope[i] - (lambda * _problem.Mean[i]), negative: true, out _prices);
            double length = Advance(step, idle > 2 * _problem.Assets);
            idle = length > 1e-14 ? 0 : idle + 1;
            if (length >= 1 && !Release(lambda, idle > 2 * _problem.Assets))
            {
                Refresh();
                return true;
            }
        }

        return false;
    }

    /// <summary>How the weights move when λ grows by 1 and no bound intervenes; and what the return gains by it.</summary>
    public double ReturnByLambda()
    {
        double[] move = Direction(i => _problem.Mean[i], negative: false, out _);
        return _free.Indices.Select((asset, i) => move[i] * _problem.Mean[asset]).Sum();
    }

    /// <summary>
    /// The largest violation of the conditions of Karush, Kuhn and Tucker, in parts of the largest variance; of bounds
    /// and sums, in weight. Computed from the weights alone, with a fresh gradient.
    /// </summary>
    public double Residual(double lambda)
    {
        Refresh();
        Direction(i => _slope[i] - (lambda * _problem.Mean[i]), negative: true, out double[] prices);
        double worst = Math.Abs(Weights.Sum() - 1);
        foreach ((double sum, double cap) in _problem.SectorSums(Weights).Zip(_problem.SectorCaps))
        {
            worst = Math.Max(worst, sum - cap);
        }

        for (int i = 0; i < Weights.Length; i++)
        {
            double reduced = Reduced(i, lambda, prices) / _scale;
            double wrong = _isFree[i] ? Math.Abs(reduced)
                : Math.Max(IsAtUpper(i) ? 0 : -reduced, IsAtLower(i) ? 0 : reduced);
            worst = Math.Max(worst, Math.Max(wrong, Math.Max(_problem.Lower[i] - Weights[i], Weights[i] - _problem.Upper[i])));
        }

        return _active.Select((_, at) => at > 0 ? prices[at] / _scale : 0).Append(worst).Max();
    }

    /// <summary>±(Q_FF)⁻¹(a − Aᵀν) with A·step = 0; ν are the prices of the active sums.</summary>
    private double[] Direction(Func<int, double> of, bool negative, out double[] prices)
    {
        double[] step = [.. _free.Indices.Select(of)];
        _free.ForwardInPlace(step);
        double[][] rows = [.. _active.Select(sum => _free.Indices.Select(i => Contains(sum, i) ? 1.0 : 0.0).ToArray())];
        foreach (double[] row in rows)
        {
            _free.ForwardInPlace(row);
        }

        Matrix<double> schur = Matrix<double>.Build.Dense(rows.Length, rows.Length, (i, j) => VectorMath.Dot(rows[i], rows[j]));
        Vector<double> right = Vector<double>.Build.Dense(rows.Length, i => VectorMath.Dot(rows[i], step));
        prices = schur.LU().Solve(right).ToArray();
        for (int i = 0; i < rows.Length; i++)
        {
            VectorMath.AddScaled(step, rows[i], -prices[i]);
        }

        if (step.Length <= rows.Length)
        {
            return new double[step.Length]; // the sums leave nothing to choose; what was solved is rounding
        }

        _free.BackwardInPlace(step);
        return negative ? Array.ConvertAll(step, part => -part) : step;
    }

    /// <summary>Goes along a step as far as bounds and caps let it; what stopped it becomes active.</summary>
    private double Advance(double[] step, bool careful)
    {
        (double length, int asset, int sum) = (1, -1, -1);
        double[] sums = _problem.SectorSums(Weights);
        (double[] moves, double[] sizes) = (new double[sums.Length], new double[sums.Length]);
        for (int i = 0; i < step.Length; i++)
        {
            int one = _free.Indices[i];
            moves[_problem.Sectors[one]] += step[i];
            sizes[_problem.Sectors[one]] += Math.Abs(step[i]);
            double room = step[i] > 0 ? _problem.Upper[one] - Weights[one] : _problem.Lower[one] - Weights[one];
            double until = Math.Abs(step[i]) < 1e-16 ? 1 : Math.Max(0, room / step[i]);
            if (until < length || (careful && asset >= 0 && until <= length && one < asset))
            {
                (length, asset) = (until, one);
            }
        }

        for (int i = 0; i < sums.Length; i++)
        {
            // A sector that the active sums already hold still moves by rounding only.
            if (moves[i] > 1e-10 * sizes[i] && !_active.Contains(i)
                && Math.Max(0, (_problem.SectorCaps[i] - sums[i]) / moves[i]) is var until && until < length)
            {
                (length, asset, sum) = (until, -1, i);
            }
        }

        Move(step, length);
        if (sum >= 0)
        {
            _active.Add(sum);
        }
        else if (asset >= 0)
        {
            bool up = Weights[asset] - _problem.Lower[asset] > _problem.Upper[asset] - Weights[asset];
            SetTo(asset, up ? _problem.Upper[asset] : _problem.Lower[asset]);
            _free.Remove(asset);
            _isFree[asset] = false;
        }

        return length;
    }

    private void Move(double[] step, double length)
    {
        for (int i = 0; i < step.Length && length > 0; i++)
        {
            int asset = _free.Indices[i];
            SetTo(asset, Math.Clamp(Weights[asset] + (length * step[i]), _problem.Lower[asset], _problem.Upper[asset]));
        }
    }

    private void SetTo(int asset, double weight)
    {
        VectorMath.AddScaled(_slope, _covariance[asset], weight - Weights[asset]);
        Weights[asset] = weight;
    }

    /// <summary>Frees what has the multiplier of the wrong sign; false when nothing has.</summary>
    private bool Release(double lambda, bool careful)
    {
        (double worst, int asset, int sum) = (Tolerance * _scale, -1, -1);
        for (int i = 0; i < Weights.Length && !(careful && asset >= 0); i++)
        {
            double reduced = _isFree[i] || _problem.Lower[i] >= _problem.Upper[i] ? 0 : Reduced(i, lambda, _prices);
            double wrong = IsAtLower(i) ? -reduced : reduced;
            if (wrong > worst)
            {
                (worst, asset) = (wrong, i);
            }
        }

        for (int at = 1; at < _active.Count && !(careful && asset >= 0); at++)
        {
            if (_prices[at] > worst)
            {
                (worst, asset, sum) = (_prices[at], -1, at);
            }
        }

        if (sum > 0)
        {
            _active.RemoveAt(sum);
        }
        else if (asset >= 0)
        {
            Free(asset);
        }

        return sum > 0 || asset >= 0;
    }

    private void Free(int asset)
    {
        if (_free.TryAdd(asset))
        {
            _isFree[asset] = true;
        }
        else
        {
            IsSingular = true;
        }
    }

    private double Reduced(int asset, double lambda, double[] prices)
    {
        double reduced = _slope[asset] - (lambda * _problem.Mean[asset]);
        for (int at = 0; at < _active.Count; at++)
        {
            reduced -= Contains(_active[at], asset) ? prices[at] : 0;
        }

        return reduced;
    }

    private bool Contains(int sum, int asset) => sum == Total || _problem.Sectors[asset] == sum;

    private bool IsAtLower(int asset) => Weights[asset] <= _problem.Lower[asset];

    private bool IsAtUpper(int asset) => Weights[asset] >= _problem.Upper[asset];

    private void Refresh()
    {
        Array.Clear(_slope);
        for (int i = 0; i < Weights.Length; i++)
        {
            if (Weights[i] != 0)
            {
                VectorMath.AddScaled(_slope, _covariance[i], Weights[i]);
            }
        }
    }
}
