namespace FinVault.Giveaways.Draw;

/// <summary>One step of checking a draw.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Inputs">What it was computed from, to be computed again.</param>
/// <param name="Outcome">What came out, in a sentence.</param>
public sealed record VerifyStep(
    string Name, bool Passed, IReadOnlyDictionary<string, string> Inputs, string Outcome);

/// <summary>Every step of checking a draw, in order.</summary>
/// <param name="Giveaway">The giveaway's id.</param>
/// <param name="Verified">Whether all steps passed.</param>
/// <param name="Steps">All of them, also after one that failed.</param>
/// <param name="NotChecked">What this check leaves to the reader.</param>
public sealed record VerifyReport(
    string Giveaway, bool Verified, IReadOnlyList<VerifyStep> Steps, IReadOnlyList<string> NotChecked);
