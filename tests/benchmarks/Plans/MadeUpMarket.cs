using FinVault.Portfolios;

namespace FinVault.Benchmarks.Plans;

/// <summary>Markets from a seed: five factors that move everything, and what each asset does alone.</summary>
internal static class MadeUpMarket
{
    public static double[][] Returns(int assets, int days)
    {
        Random random = new(7);
        double[][] exposures = [.. Enumerable.Range(0, assets).Select(_ =>
            Enumerable.Range(0, 5).Select(k => (k == 0 ? 0.9 : 0) + (0.4 * Normal(random))).ToArray())];
        double[] own = [.. Enumerable.Range(0, assets).Select(_ => 0.008 + (0.012 * random.NextDouble()))];
        return
        [
            .. Enumerable.Range(0, days).Select(_ =>
            {
                double[] factors = [.. Enumerable.Range(0, 5).Select(k =>
                    (0.01 * Normal(random) / (1 + (k * 0.5))) + (k == 0 ? 0.0004 : 0))];
                return exposures.Select((exposure, i) =>
                    exposure.Zip(factors, (a, b) => a * b).Sum() + (own[i] * Normal(random))).ToArray();
            }),
        ];
    }

    public static RebalanceHolding Holding(Random random, string symbol) => new(
        symbol, random.Next(1_000, 500_000) / 100m,
        [
            .. Enumerable.Range(0, 5).Select(i => new Lot(
                $"{symbol}.{i}", new(2019 + i, 3, 4, 5, 0, 0, TimeSpan.Zero), random.Next(1, 200),
                DualAmount.Same(random.Next(100_000, 20_000_000)))),
        ]);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
