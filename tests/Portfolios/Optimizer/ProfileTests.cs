using FinVault.Portfolios;

namespace FinVault.Tests.Portfolios.Optimizer;

/// <summary>From answers to a profile, and from a profile to a portfolio.</summary>
public sealed class ProfileTests
{
    [Theory]
    [InlineData("over10 buy most more little longer", RiskProfile.Aggressive, null)]
    [InlineData("under2 buy most more little longer", RiskProfile.Conservative, "horizon")]
    [InlineData("over10 buy most none little longer", RiskProfile.Cautious, "reserve")]
    [InlineData("under2 sellAll keep none most never", RiskProfile.Conservative, null)]
    [InlineData("5to10 sellSome income some half short", RiskProfile.Balanced, null)]
    public void Answers_MakeAProfile_HeldDownByWhatCanBeBorne(string answers, RiskProfile profile, string? limit)
    {
        RiskAssessment assessment = RiskQuestionnaire.Assess(Answers(answers))!;

        Assert.Equal((profile, limit), (assessment.Profile, assessment.LimitedBy));
        Assert.Equal(24, assessment.MostPoints);
    }

    [Fact]
    public void Answers_ThatAreMissingOrUnknown_MakeNone()
    {
        Dictionary<string, string> answers = Answers("over10 buy most more little longer");
        Assert.Null(RiskQuestionnaire.Assess(new Dictionary<string, string>(answers) { ["fall"] = "panic" }));
        Assert.Null(RiskQuestionnaire.Assess(new Dictionary<string, string>(answers) { ["colour"] = "red" }));
        answers.Remove("goal");
        Assert.Null(RiskQuestionnaire.Assess(answers));
        answers["fall"] = "panic";
        answers["colour"] = "red";
        Assert.Equal(["fall", "goal", "colour"], RiskQuestionnaire.Faults(answers));
    }

    [Fact]
    public void RiskierProfile_EarnsMore_AndMovesMore()
    {
        // Forty assets of eight sectors: the more they earn the more they move.
        double[] mean = [.. Enumerable.Range(0, 40).Select(i => 0.04 + (0.005 * i))];
        double[][] covariance = [.. mean.Select((_, i) => mean.Select((_, j) =>
            (i == j ? 1 : 0.3) * (0.08 + (0.01 * i)) * (0.08 + (0.01 * j))).ToArray())];
        AllocationPlan[] plans =
        [
            .. new[] { RiskProfile.Conservative, RiskProfile.Cautious, RiskProfile.Balanced, RiskProfile.Aggressive }
                .Select(profile => Within(
                    ProfileLimits.Of(profile) with { RiskFree = 0.03 }, mean, covariance, i => $"sector {i % 8}").Answer.Plan!),
        ];

        Assert.All(plans.Zip(plans.Skip(1)), pair => Assert.True(
            pair.Second.Return >= pair.First.Return && pair.Second.Volatility >= pair.First.Volatility));
        Assert.All(plans[0].Weights, weight => Assert.InRange(weight, 0, 0.1 + 1e-12));
    }

    [Fact]
    public void Profile_ForFewAssets_WidensItsLimitsToWhatCanBeMet_AndTells()
    {
        double[][] covariance = [[0.04, 0], [0, 0.04]];
        LimitedAnswer answer = Within(ProfileLimits.Of(RiskProfile.Conservative), [0.1, 0.2], covariance, _ => "one");

        Assert.Equal([0.5, 0.5], answer.Answer.Plan!.Weights.Select(weight => Math.Round(weight, 10)));
        Assert.Equal((0.5, 1), (answer.LargestAsset, answer.Problem!.SectorCaps[0]));
        Assert.Equal(2, answer.Widened.Count);
    }

    [Fact]
    public void Profile_OfARiskBelowTheLeast_TakesTheLeast_AndTells()
    {
        double[] mean = [.. Enumerable.Repeat(0.1, 20)];
        double[][] covariance = [.. mean.Select((_, i) => mean.Select((_, j) => i == j ? 0.25 : 0.2).ToArray())];
        LimitedAnswer answer = Within(ProfileLimits.Of(RiskProfile.Cautious), mean, covariance, i => $"sector {i % 5}");

        Assert.Equal(AllocationGoal.MinimumVolatility, answer.Goal);
        Assert.Contains("least volatility", Assert.Single(answer.Widened), StringComparison.Ordinal);
    }

    [Fact]
    public void ToldLimits_AreNeverWidened()
    {
        double[][] covariance = [[0.04, 0], [0, 0.04]];
        AllocationLimits told = ProfileLimits.Of(RiskProfile.Conservative) with { IsStrict = true };

        Assert.Equal(
            UnavailableReason.Infeasible, Within(told, [0.1, 0.2], covariance, _ => "one").Answer.Unavailable!.Reason);
    }

    [Fact]
    public void Caps_OfAnAssetWithoutASector_AreRefused_UnlessThereAreNone()
    {
        double[][] covariance = [[0.04, 0], [0, 0.04]];
        AllocationLimits capped = new(AllocationGoal.MinimumVolatility, 0, 1, 0.6);

        LimitedAnswer refused = Within(capped, [0.1, 0.2], covariance, i => i == 0 ? "one" : null);
        Assert.Contains("A1", refused.Answer.Unavailable!.Detail, StringComparison.Ordinal);
        Assert.NotNull(Within(capped with { LargestSector = 1 }, [0.1, 0.2], covariance, _ => null).Answer.Plan);
    }

    [Fact]
    public void CapOfASector_Binds_AsReckonedByHand()
    {
        // Two calm assets of one sector, two lively ones of another: the calm may weigh 60 % together.
        double[] variances = [0.01, 0.01, 0.04, 0.04];
        double[][] covariance = [.. variances.Select((one, i) => variances.Select((_, j) => i == j ? one : 0).ToArray())];
        AllocationLimits capped = new(AllocationGoal.MinimumVolatility, 0, 1, 1)
        {
            SectorCaps = new Dictionary<string, double> { ["calm"] = 0.6 }, IsStrict = true,
        };
        double[] weights = Within(capped, new double[4], covariance, i => i < 2 ? "calm" : "lively").Answer.Plan!.Weights;

        Assert.Equal([0.3, 0.3, 0.2, 0.2], weights.Select(weight => Math.Round(weight, 10)));
    }

    [Fact]
    public void Table_KnowsSectors_OnEveryExchange_AndGuessesNone()
    {
        Sectors sectors = Sectors.Load();

        Assert.Equal("Information technology", sectors.Of("TCS"));
        Assert.Equal(sectors.Of("TCS"), sectors.Of("BSE:TCS"));
        Assert.Null(sectors.Of("TEST-UNHEARD"));
        Assert.All(sectors.Names, name => Assert.NotEmpty(name));
    }

    private static LimitedAnswer Within(
        AllocationLimits limits, double[] mean, double[][] covariance, Func<int, string?> sectorOf) =>
        new LimitedAllocation(limits, TimeProvider.System, TimeSpan.FromMinutes(1)).Optimise(
            [.. mean.Select((_, i) => new ModelAsset($"A{i}", sectorOf(i)))], mean, covariance);

    private static Dictionary<string, string> Answers(string answers) => RiskQuestionnaire.Questions
        .Zip(answers.Split(' '), (question, answer) => (question.Id, answer))
        .ToDictionary(pair => pair.Id, pair => pair.answer);
}
