namespace FinVault.Portfolios;

/// <summary>A question with its choices, in order of rising readiness for risk.</summary>
public sealed record RiskQuestion(string Id, string Text, IReadOnlyList<RiskChoice> Choices);

/// <summary>An answer that may be chosen.</summary>
/// <param name="Id">What is sent.</param>
/// <param name="Text">What is read.</param>
/// <param name="Points">0 to 4.</param>
/// <param name="AtMost">Whoever chooses it is given no riskier profile, however willing: what they can bear decides.</param>
public sealed record RiskChoice(string Id, string Text, int Points, RiskProfile AtMost = RiskProfile.Aggressive);

/// <summary>What answers make of an investor.</summary>
/// <param name="Points">Of <paramref name="MostPoints"/>.</param>
/// <param name="Profile">The lower of what the points say and what <paramref name="LimitedBy"/> lets be.</param>
/// <param name="LimitedBy">The question whose answer held the profile down; null when none did.</param>
public sealed record RiskAssessment(int Points, int MostPoints, RiskProfile Profile, string? LimitedBy);

/// <summary>
/// Six questions, three about willingness and three about the means to bear a loss. A profile is a fifth of the
/// points, held down where the means do not bear it.
/// </summary>
public static class RiskQuestionnaire
{
    public static IReadOnlyList<RiskQuestion> Questions { get; } =
    [
        new("horizon", "When will you need most of this money?",
        [
            new("under2", "Within 2 years", 0, RiskProfile.Conservative), new("2to5", "In 2 to 5 years", 1, RiskProfile.Balanced),
            new("5to10", "In 5 to 10 years", 3), new("over10", "In more than 10 years", 4),
        ]),
        new("fall", "Your portfolio has fallen by 20 % in a month. What do you do?",
        [
            new("sellAll", "Sell all of it", 0), new("sellSome", "Sell some of it", 1),
            new("wait", "Wait", 3), new("buy", "Buy more", 4),
        ]),
        new("goal", "What matters most?",
        [
            new("keep", "Not to lose", 0), new("income", "Regular income", 1),
            new("grow", "Growth, with setbacks", 3), new("most", "The highest growth, whatever happens between", 4),
        ]),
        new("reserve", "How many months could you live without this money and without income?",
        [
            new("none", "Fewer than 3", 0, RiskProfile.Cautious), new("some", "3 to 6", 2),
            new("many", "6 to 12", 3), new("more", "More than 12", 4),
        ]),
        new("share", "What part of all you own is this?",
        [
            new("most", "More than three quarters", 0, RiskProfile.Balanced), new("half", "About half", 2),
            new("quarter", "About a quarter", 3), new("little", "Less than a tenth", 4),
        ]),
        new("experience", "How long have you held shares or funds?",
        [
            new("never", "Never", 0, RiskProfile.Growth), new("short", "Less than 3 years", 2),
            new("long", "3 to 10 years", 3), new("longer", "More than 10 years, with bad ones", 4),
        ]),
    ];

    /// <summary>The questions that have no answer, or one that is not offered; and what is no question.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, string> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return
        [
            .. Questions.Where(question => !question.Choices.Any(choice => choice.Id == answers.GetValueOrDefault(question.Id)))
                .Select(question => question.Id),
            .. answers.Keys.Where(id => Questions.All(question => question.Id != id)).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Judges answers; null when a question is unanswered, or with what it does not offer.</summary>
    /// <param name="answers">The chosen answer's id by the question's.</param>
    public static RiskAssessment? Assess(IReadOnlyDictionary<string, string> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var chosen = Questions
            .Select(question => (question.Id, Choice: question.Choices.FirstOrDefault(choice =>
                answers.TryGetValue(question.Id, out string? answer) && choice.Id == answer)))
            .ToArray();
        if (chosen.Any(one => one.Choice is null) || answers.Count != chosen.Length)
        {
            return null;
        }

        int points = chosen.Sum(one => one.Choice!.Points);
        int most = Questions.Sum(question => question.Choices.Max(choice => choice.Points));
        RiskProfile willing = (RiskProfile)Math.Min(4, points * 5 / most);
        (string id, RiskChoice? strictest) = chosen.MinBy(one => one.Choice!.AtMost);
        return strictest!.AtMost < willing
            ? new(points, most, strictest.AtMost, id)
            : new(points, most, willing, null);
    }
}
