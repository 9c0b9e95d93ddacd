namespace FinVault.Portfolios;

/// <summary>What is sought.</summary>
public enum AllocationGoal
{
    /// <summary>The least volatility.</summary>
    MinimumVolatility,

    /// <summary>The most return above the free rate for its volatility.</summary>
    MaximumSharpe,

    /// <summary>The most return at a volatility.</summary>
    TargetRisk,
}

/// <summary>How good a portfolio certainly is, whoever computed it.</summary>
/// <param name="IsOptimal">Whether the search ended by itself. If time ended it, the portfolio is allowed, not best.</param>
/// <param name="KktResidual">
/// The largest violation of the optimality conditions, in parts of the largest variance, and of the goal's own
/// condition, in parts of it. A convex problem has no better portfolio where it is 0.
/// </param>
/// <param name="Iterations">Steps that were taken.</param>
/// <param name="Ridge">Added to each variance, in parts of their mean, where the covariance was singular; else 0.</param>
public sealed record AllocationCertificate(bool IsOptimal, double KktResidual, int Iterations, double Ridge);

/// <summary>A portfolio, with yearly figures.</summary>
public sealed record AllocationPlan(
    AllocationGoal Goal, double[] Weights, double Return, double Volatility, Statistic Sharpe, AllocationCertificate Certificate);

/// <summary>A portfolio, or why there is none: exactly one of the two.</summary>
public sealed record AllocationAnswer(AllocationPlan? Plan, Unavailable? Unavailable);

/// <summary>
/// Long-only mean-variance optimisation with bounds and sector caps (Markowitz). All three goals are points of one
/// family, min ½ wᵀQw − λ rᵀw, which <see cref="ActiveSet"/> solves exactly, each λ from the last one's portfolio.
/// Where the free weights stay the same they move linearly with λ, so Newton's steps on λ land on the answer; they
/// are kept within a bracket that bisection shrinks. Multipliers are exact to 1e-11 of the largest variance, λ to 1e-13
/// of the goal; what was reached is in the certificate. Time is bounded: whatever is reached then is allowed.
/// </summary>
/// <param name="problem">What a portfolio may be made of.</param>
/// <param name="time">Measures the limit.</param>
/// <param name="limit">When to stop.</param>
/// <param name="riskFree">Of a year: 0.02 is 2 %.</param>
public sealed class PortfolioOptimizer(AllocationProblem problem, TimeProvider time, TimeSpan limit, double riskFree = 0)
{
    private readonly long _start = time.GetTimestamp();

    public AllocationAnswer MinimumVolatility() => Solve(AllocationGoal.MinimumVolatility, 0);

    public AllocationAnswer MaximumSharpe() => Solve(AllocationGoal.MaximumSharpe, 0);

    /// <param name="volatility">Of a year: 0.15 is 15 %. Where even the highest return needs less, that is the answer.</param>
    public AllocationAnswer TargetRisk(double volatility) => Solve(AllocationGoal.TargetRisk, volatility);

    private bool IsOver() => time.GetElapsedTime(_start) > limit;

    private AllocationAnswer Solve(AllocationGoal goal, double volatility)
    {
        if (problem.Fault() is { } fault)
        {
            return No(fault);
        }

        double[] richest = problem.Fill(Enumerable.Range(0, problem.Assets).OrderByDescending(i => problem.Mean[i]));
        if (goal == AllocationGoal.MaximumSharpe && VectorMath.Dot(richest, problem.Mean) <= riskFree)
        {
            return No("No allowed portfolio earns more than the free rate.");
        }

        double[] calmest = problem.Fill(Enumerable.Range(0, problem.Assets).OrderBy(i => problem.Covariance[i][i]));
        double mean = Enumerable.Range(0, problem.Assets).Average(i => problem.Covariance[i][i]);
        double ridge = 0;
        while (true)
        {
            ActiveSet set = new(problem, Ridged(ridge * mean), calmest);
            bool ended = set.Minimise(0, IsOver);
            AllocationAnswer answer = goal switch
            {
                AllocationGoal.MinimumVolatility => Plan(goal, set, 0, 0, ended, ridge),
                AllocationGoal.MaximumSharpe => Sharpest(set, ended, ridge),
                _ => AtRisk(set, volatility, richest, ended, ridge),
            };
            if (!set.IsSingular || ridge > 1e-4)
            {
                return answer;
            }

            ridge = ridge == 0 ? 1e-10 : ridge * 100;
        }
    }

    /// <summary>At the best Sharpe ratio λ is variance ÷ excess return; below it the ratio grows with λ.</summary>
    private AllocationAnswer Sharpest(ActiveSet set, bool ended, double ridge)
    {
        double lambda = 0;
        double Miss() => set.Variance - (lambda * (Return(set) - riskFree));
        ended = ended && Search(set, Miss, ref lambda, () =>
        {
            double slope = Return(set) - riskFree - (lambda * set.ReturnByLambda());
            return slope > 0 ? Miss() / slope : double.NaN;
        });
        return Plan(AllocationGoal.MaximumSharpe, set, lambda, Math.Abs(Miss()) / set.Variance, ended, ridge);
    }

    private AllocationAnswer AtRisk(ActiveSet set, double volatility, double[] richest, bool ended, double ridge)
    {
        double target = volatility * volatility;
        if (set.Variance > target * (1 + 1e-12))
        {
            return No(FormattableString.Invariant($"The least volatility is {Math.Sqrt(set.Variance):F6}."));
        }

        if (Variance(richest) <= target)
        {
            return new(Told(AllocationGoal.TargetRisk, richest, new(true, 0, set.Iterations, ridge)), null);
        }

        double lambda = 0;
        ended = ended && Search(set, () => target - set.Variance, ref lambda, () =>
        {
            double gain = set.ReturnByLambda();
            return Math.Sqrt((lambda * lambda) + ((target - set.Variance) / gain)) - lambda;
        });
        return Plan(
            AllocationGoal.TargetRisk, set, lambda, Math.Abs(target - set.Variance) / target, ended, ridge);
    }

    /// <summary>Finds the λ at which something that is above 0 before it and below 0 after it is 0.</summary>
    private bool Search(ActiveSet set, Func<double> miss, ref double lambda, Func<double> newton)
    {
        (double low, double high) = (0, double.PositiveInfinity);
        double unit = set.Variance / problem.Mean.Max(Math.Abs);
        for (int most = 500; most > 0; most--)
        {
            double now = miss();
            if (Math.Abs(now) <= 1e-13 * set.Variance)
            {
                return true;
            }

            (low, high) = now > 0 ? (lambda, high) : (low, lambda);
            double next = lambda + newton();
            if (!(next > low && next < high))
            {
                next = double.IsFinite(high) ? (low + high) / 2 : (2 * lambda) + unit;
            }

            if (next <= low || next >= high || !double.IsFinite(next))
            {
                return true; // to the last bit of λ
            }

            lambda = next;
            if (!set.Minimise(lambda, IsOver))
            {
                return false;
            }
        }

        return false;
    }

    private AllocationAnswer Plan(
        AllocationGoal goal, ActiveSet set, double lambda, double miss, bool ended, double ridge) =>
        new(Told(goal, set.Weights, new(ended, Math.Max(miss, set.Residual(lambda)), set.Iterations, ridge)), null);

    private AllocationPlan Told(AllocationGoal goal, double[] weights, AllocationCertificate certificate)
    {
        double earned = VectorMath.Dot(weights, problem.Mean);
        double volatility = Math.Sqrt(Variance(weights));
        return new(goal, [.. weights], earned, volatility, Statistic.Of((earned - riskFree) / volatility), certificate);
    }

    private double Return(ActiveSet set) => VectorMath.Dot(set.Weights, problem.Mean);

    private double Variance(double[] weights) => Enumerable.Range(0, weights.Length)
        .Where(i => weights[i] != 0)
        .Sum(i => weights[i] * VectorMath.Dot(problem.Covariance[i], weights));

    private double[][] Ridged(double ridge)
    {
        if (ridge == 0)
        {
            return problem.Covariance;
        }

        double[][] ridged = [.. problem.Covariance.Select(row => (double[])row.Clone())];
        for (int i = 0; i < ridged.Length; i++)
        {
            ridged[i][i] += ridge;
        }

        return ridged;
    }

    private static AllocationAnswer No(string detail) => new(null, new(UnavailableReason.Infeasible, detail));
}
