using System.Globalization;

namespace FinVault.Giveaways;

/// <summary>What a participant's completions amount to.</summary>
/// <param name="Points">Of all that count.</param>
/// <param name="CompletedAtMilliseconds">Unix milliseconds of the last of them; 0 without any.</param>
public readonly record struct Standing(long Points, long CompletedAtMilliseconds)
{
    // Above the most that all tasks together can bring.
    private const long MostPoints = 999_999_999_999;

    /// <summary>
    /// A text whose order is that of the ranking: the most points first, then who had them first. Null without points.
    /// </summary>
    public string? RankOf(string participant) => Points == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{MostPoints - Points:D12}-{CompletedAtMilliseconds:D15}-{participant}");

    public static Standing Of(IEnumerable<Completion> completions)
    {
        Completion[] counted = [.. completions.Where(one => one.State == CompletionState.Completed)];
        return new(
            counted.Sum(one => (long)one.Points),
            counted.Length == 0 ? 0 : counted.Max(one => one.At.ToUnixTimeMilliseconds()));
    }
}

/// <summary>How much an account looks made up for the occasion: 0 (not at all) to 100.</summary>
public static class FraudScore
{
    public static int Of(SocialAccount? account)
    {
        if (account is null)
        {
            return 0;
        }

        int score = account.AgeDays switch { < 2 => 50, < 7 => 40, < 30 => 20, _ => 0 };
        score += account.Followers switch { 0 => 20, < 5 => 10, _ => 0 };
        score += account.Posts == 0 ? 15 : 0;
        score += account.HasPicture ? 0 : 10;
        // Follows everybody, followed by nobody: what entry farms look like.
        score += account.Following > 500 && account.Followers < account.Following / 50 ? 25 : 0;
        return Math.Min(100, score);
    }
}
