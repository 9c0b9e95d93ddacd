using FinVault.Portfolios;
using FinVault.Tests.Support;

namespace FinVault.Tests.Portfolios.Recommendations;

/// <summary>From closes to a portfolio that says what it rests on.</summary>
public sealed class ModelTests
{
    private const int Days = 300;

    private static readonly Sectors Known = new(new SectorsFile(new Dictionary<string, string[]>
    {
        ["calm"] = ["A", "B", "YOUNG", "RARE", "SPLIT"], ["lively"] = ["C", "D"],
    }));

    [Fact]
    public void Assets_ThatCannotBeCompared_AreLeftOut_EachWithItsReason()
    {
        CloseTable table = Table("A", "C", "YOUNG", "RARE", "SPLIT", "HOMELESS");
        for (int day = 0; day < Days; day++)
        {
            double[] row = table.Days[day].Closes;
            row[2] = day < 170 ? double.NaN : row[2];
            row[3] = day % 5 == 0 ? double.NaN : row[3];
            row[4] = day < 100 ? row[4] : row[4] / 2;
        }

        ModelInput input = ModelAssets.Choose(table, Known, needSectors: true);

        Assert.Equal(["A", "C"], input.Assets.Select(asset => asset.Symbol));
        Assert.Equal(
            [
                ("YOUNG", LeftOutReason.TooShort), ("RARE", LeftOutReason.SeldomTraded), ("SPLIT", LeftOutReason.Jump),
                ("HOMELESS", LeftOutReason.NoSector),
            ],
            input.LeftOut.Select(one => (one.Symbol, one.Reason)));
        Assert.Contains(
            ModelAssets.Choose(table, Known, needSectors: false).Assets, asset => asset is { Symbol: "HOMELESS", Sector: null });
    }

    [Fact]
    public void Window_BeginsWithTheYoungest_AndADayWithoutACloseHasNoReturn()
    {
        CloseTable table = Table("A", "C");
        for (int day = 0; day < 20; day++)
        {
            table.Days[day].Closes[1] = double.NaN;
        }

        table.Days[50].Closes[0] = double.NaN;
        ModelInput input = ModelAssets.Choose(table, Known, needSectors: true);

        Assert.Equal((table.Days[20].Date, Days - 21), (input.Days[0], input.Returns.Daily.Length));
        Assert.Equal(0, input.Returns.Daily[50 - 21][0]);
        Assert.Equal(
            (table.Days[51].Closes[0] / table.Days[49].Closes[0]) - 1, input.Returns.Daily[51 - 21][0], 12);
    }

    [Fact]
    public void TwoAssets_WeighAsReckonedByHand()
    {
        ModelPortfolio model = Make(new(AllocationGoal.MinimumVolatility, 0, 1, 1), "A", "C");
        // In the order of the weights, so turned round where C is the first.
        double[][] c = [.. model.Covariance];
        double first = (c[1][1] - c[0][1]) / (c[0][0] + c[1][1] - (2 * c[0][1]));

        Assert.Equal(first, model.Weights[0].Weight, 9);
        AssertExplained(model);
        Assert.Empty(model.Binding);
    }

    [Fact]
    public void Limits_ThatAreReached_AreTold()
    {
        AllocationLimits limits = new(AllocationGoal.MinimumVolatility, 0, 1, 1)
        {
            SectorCaps = new Dictionary<string, double> { ["calm"] = 0.4 },
            Bounds = new Dictionary<string, WeightBounds> { ["D"] = new(0.05, 0.1) },
            IsStrict = true,
        };
        ModelPortfolio model = Make(limits, "A", "B", "C", "D");

        AssertExplained(model);
        Assert.Contains(new BindingLimit(BindingKind.Sector, "calm", 0.4), model.Binding);
        Assert.Contains(model.Binding, one => one.Name == "D");
        Assert.Equal((0.4, 1), (model.Limits.SectorCapsInForce["calm"], model.Limits.SectorCapsInForce["lively"]));

        ModelPortfolio none = Make(limits with { LargestAsset = 0.2, LargestSector = 0.2 }, "A", "B", "C", "D");
        Assert.Equal(UnavailableReason.Infeasible, none.Unavailable!.Reason);
        Assert.Empty(none.Weights);
    }

    [Fact]
    public void Risk_ThatWasSought_IsMet_AndSaid()
    {
        double least = Make(new(AllocationGoal.MinimumVolatility, 0, 1, 1), "A", "B", "C", "D").Volatility!.Value;
        AllocationLimits limits = new(AllocationGoal.TargetRisk, least * 1.2, 1, 1) { IsStrict = true };
        ModelPortfolio model = Make(limits, "A", "B", "C", "D");

        Assert.Equal(least * 1.2, model.Volatility!.Value, 9);
        Assert.Equal((BindingKind.Volatility, "portfolio"), (model.Binding[0].Kind, model.Binding[0].Name));
        AssertExplained(model);
    }

    [Fact]
    public void Model_OfTooLittle_IsUnavailable()
    {
        ModelPortfolio model = Make(ProfileLimits.Of(RiskProfile.Growth), "A", "HOMELESS");

        Assert.Equal(UnavailableReason.TooShort, model.Unavailable!.Reason);
        Assert.Equal((null, 0), (model.Return, model.Weights.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void Targets_SumToOne_ExactlyAndCloseToTheWeights(int count)
    {
        Random random = new(count);
        double[] parts = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
        Dictionary<string, double> weights = parts.Select((part, i) => (i, part))
            .ToDictionary(one => $"S{one.i}", one => one.part / parts.Sum());
        IReadOnlyDictionary<string, decimal> targets = RecommendationMaking.Targets(weights);

        Assert.Equal(1m, targets.Values.Sum());
        Assert.All(weights, one => Assert.InRange(
            (double)targets.GetValueOrDefault(one.Key) - one.Value, -0.0001, 0.0001));
    }

    /// <summary>Whatever is told can be reckoned from what is told beside it.</summary>
    internal static void AssertExplained(ModelPortfolio model)
    {
        ModelWeight[] weights = [.. model.Weights];
        double variance = weights.Select((one, i) => weights.Select((other, j) =>
            one.Weight * other.Weight * model.Covariance[i][j]).Sum()).Sum();
        Assert.Equal(1, weights.Sum(one => one.Weight), 9);
        Assert.Equal(1, weights.Sum(one => one.RiskShare), 9);
        Assert.Equal(weights.Sum(one => one.Weight * one.Return), model.Return!.Value, 9);
        Assert.Equal(variance, model.Volatility!.Value * model.Volatility.Value, 9);
        Assert.Equal((model.Return.Value - model.Limits.RiskFree) / model.Volatility.Value, model.Sharpe!.Value!.Value, 9);
        Assert.All(weights, (one, i) => Assert.Equal(one.Volatility, Math.Sqrt(model.Covariance[i][i]), 12));
        Assert.All(model.Sectors, sector => Assert.InRange(sector.Weight, 0, sector.Cap + 1e-9));
        Assert.True(model.Certificate is { IsOptimal: true, KktResidual: < 1e-9 });
    }

    private static ModelPortfolio Make(AllocationLimits limits, params string[] symbols) => ModelMaking.Make(
        null, "INR", limits, ModelAssets.Choose(Table(symbols), Known, limits.NeedSectors), new ManualClock());

    private static CloseTable Table(params string[] symbols)
    {
        Random random = new(3);
        double[] closes = [.. symbols.Select(_ => 100.0)];
        List<(DateOnly, double[])> days = [];
        for (int day = 0; day < Days; day++)
        {
            for (int i = 0; i < closes.Length; i++)
            {
                closes[i] *= 1 + ((random.NextDouble() - 0.48) * 0.02 * (i + 1));
            }

            days.Add((new DateOnly(2023, 1, 1).AddDays(day), [.. closes]));
        }

        return new(symbols, days);
    }
}
