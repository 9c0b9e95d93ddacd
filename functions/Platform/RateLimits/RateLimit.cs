namespace FinVault.Platform.RateLimits;

/// <summary>How many calls are let through in a window of time.</summary>
/// <param name="Name">Part of the counter's key: limits of different names count apart.</param>
/// <param name="Calls">More than none.</param>
/// <param name="Window">Windows begin at multiples of it since 1970, the same in every instance.</param>
public sealed record RateLimit(string Name, int Calls, TimeSpan Window);

/// <summary>Whether a call is let through, and how things stand.</summary>
/// <param name="Allowed">Whether it may go on.</param>
/// <param name="Limit">The limit that is nearest to its end.</param>
/// <param name="Remaining">Calls that are left of it as far as this instance knows; others may have taken some.</param>
/// <param name="Reset">Until its window ends.</param>
public sealed record RateVerdict(bool Allowed, RateLimit Limit, int Remaining, TimeSpan Reset)
{
    /// <summary>Whole seconds after which a refused call makes sense again.</summary>
    public int RetryAfterSeconds => Math.Max(1, (int)Math.Ceiling(Reset.TotalSeconds));

    /// <summary>The problem that a refused call is answered with.</summary>
    public ProblemException ToProblem() => new(
        Problems.RateLimited,
        $"No more than {Limit.Calls} calls in {Limit.Window.TotalSeconds:0} s. Try again in {RetryAfterSeconds} s.")
    {
        RetryAfterSeconds = RetryAfterSeconds,
    };
}
