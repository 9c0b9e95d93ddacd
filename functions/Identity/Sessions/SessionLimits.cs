namespace FinVault.Identity;

/// <summary>How long sessions last, and how many a user has.</summary>
/// <param name="Idle">Without a request (ID-10).</param>
/// <param name="Absolute">Whatever happens (ID-10).</param>
/// <param name="Count">One more ends the oldest (ID-12).</param>
public sealed record SessionLimits(TimeSpan Idle, TimeSpan Absolute, int Count)
{
    /// <summary>A request is noted when the last one noted is as old as this: one write a minute, not one a request.</summary>
    public TimeSpan NoteEvery { get; init; } = TimeSpan.FromMinutes(1);
}
