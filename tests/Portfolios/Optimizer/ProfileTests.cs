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
                .Select(profile => ProfileLimits.Of(profile).Optimise(
                    mean, covariance, [.. mean.Select((_, i) => i % 8)], TimeProvider.System, TimeSpan.FromMinutes(1), 0.03)
                    .Plan!),
        ];

        Assert.All(plans.Zip(plans.Skip(1)), pair => Assert.True(
            pair.Second.Return >= pair.First.Return && pair.Second.Volatility >= pair.First.Volatility));
        Assert.All(plans[0].Weights, weight => Assert.InRange(weight, 0, 0.1 + 1e-12));
    }

    [Fact]
    public void Profile_ForFewAssets_WidensItsLimitsToWhatCanBeMet()
    {
        AllocationPlan plan = ProfileLimits.Of(RiskProfile.Conservative).Optimise(
            [0.1, 0.2], [[0.04, 0], [0, 0.04]], [0, 0], TimeProvider.System, TimeSpan.FromMinutes(1), 0).Plan!;

        Assert.Equal([0.5, 0.5], plan.Weights);
    }

    private static Dictionary<string, string> Answers(string answers) => RiskQuestionnaire.Questions
        .Zip(answers.Split(' '), (question, answer) => (question.Id, answer))
        .ToDictionary(pair => pair.Id, pair => pair.answer);
}
