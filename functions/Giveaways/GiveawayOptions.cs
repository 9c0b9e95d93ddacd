using Microsoft.Extensions.Configuration;

namespace FinVault.Giveaways;

/// <summary>The numbers of giveaways. Each is a setting <c>Giveaways:Name</c> with this default.</summary>
public sealed record GiveawayOptions
{
    /// <summary>Prizes of one giveaway.</summary>
    public int MaxPrizes { get; init; } = 1_000;

    /// <summary>The most that a host may let register.</summary>
    public int MaxParticipants { get; init; } = 100_000;

    /// <summary>The most attempts that a host may give one participant.</summary>
    public int MaxAttempts { get; init; } = 50;

    /// <summary>From start to end.</summary>
    public int MaxDays { get; init; } = 90;

    /// <summary>How far ahead a giveaway may start.</summary>
    public int MaxDaysAhead { get; init; } = 180;

    /// <summary>Giveaways of a tenant that are neither past nor cancelled.</summary>
    public int MaxLive { get; init; } = 100;

    /// <summary>The longest that a winner may take to claim.</summary>
    public int MaxClaimHours { get; init; } = 30 * 24;

    /// <summary>
    /// In condition mode, how long after the end verifications that had begun are waited for before entries are closed.
    /// Longer than the draw's margin it may cost the planned round of the beacon: a later one decides then.
    /// </summary>
    public int VerificationWaitSeconds { get; init; } = 120;

    /// <summary>Public calls that change one giveaway, of everybody together, a minute (SEC-05).</summary>
    public int CallsPerMinute { get; init; } = 6_000;

    /// <summary>Public calls of one fingerprint with a suspicious user agent, a minute (SEC-04).</summary>
    public int SuspiciousPerMinute { get; init; } = 5;

    /// <summary>How old a dashboard may be (GIV-20).</summary>
    public int DashboardSeconds { get; init; } = 10;

    /// <summary>Where participants are sent; empty is where the request came to.</summary>
    public string PublicUrl { get; init; } = "";

    public static GiveawayOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        GiveawayOptions options = new();
        configuration.GetSection("Giveaways").Bind(options);
        return options;
    }
}
