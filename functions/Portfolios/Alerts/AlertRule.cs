namespace FinVault.Portfolios;

/// <summary>What an alert waits for.</summary>
public enum AlertKind
{
    /// <summary>The price is at or above the threshold.</summary>
    Above,

    /// <summary>The price is at or below the threshold.</summary>
    Below,

    /// <summary>The price is the threshold's per cent, or more, above the lowest of the window.</summary>
    Rise,

    /// <summary>The price is the threshold's per cent, or more, below the highest of the window.</summary>
    Fall,

    /// <summary>A portfolio is the threshold's per cent, or more, below its highest since the alert was set.</summary>
    Drawdown,
}

/// <summary>What somebody wants to be told.</summary>
/// <param name="Id">The alert's.</param>
/// <param name="Kind">What it waits for.</param>
/// <param name="Subject">A symbol; of a drawdown a portfolio's id.</param>
/// <param name="Threshold">A price in units of currency, above 0; or per cent, above 0: 5 is 5 %.</param>
public sealed record AlertRule(string Id, AlertKind Kind, string Subject, decimal Threshold)
{
    /// <summary>How far back a rise or fall is measured; of others not used.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Whether it can fire again; else it is done once it has.</summary>
    public bool Rearms { get; init; }

    /// <summary>
    /// How far the price, or the per cent, must go back behind the threshold before a re-arming alert can fire again:
    /// per cent of the price's threshold, or points. Keeps a price that dithers about it from firing at every tick.
    /// </summary>
    public decimal Hysteresis { get; init; } = 0.5m;

    /// <summary>Null, or what is wrong with it.</summary>
    public string? Fault() =>
        Threshold <= 0 ? "The threshold must be above 0."
        : Hysteresis < 0 ? "The hysteresis must not be below 0."
        : Rearms && Hysteresis >= (Kind is AlertKind.Above or AlertKind.Below ? 100 : Threshold)
            ? "The hysteresis must be less than 100 % of a price, and less than a threshold in per cent."
        : Kind is AlertKind.Rise or AlertKind.Fall && (Window <= TimeSpan.Zero || Window > TimeSpan.FromDays(7))
            ? "The window must be above 0 and at most 7 days."
        : Kind is AlertKind.Fall or AlertKind.Drawdown && Threshold >= 100 ? "Nothing falls by 100 % or more."
        : null;

    /// <summary>What is compared grows towards firing: prices below a threshold are compared as their negatives.</summary>
    internal decimal FiresAt => Kind == AlertKind.Below ? -Threshold : Threshold;

    internal decimal RearmsBelow => Kind switch
    {
        AlertKind.Above => Threshold * (1 - (Hysteresis / 100)),
        AlertKind.Below => -Threshold * (1 + (Hysteresis / 100)),
        _ => Threshold - Hysteresis,
    };
}

/// <summary>Where an alert stands: <c>Armed → Fired → Armed</c> if it re-arms, else <c>Armed → Done</c>.</summary>
public enum AlertPhase
{
    Armed,

    /// <summary>It fired, and waits until the hysteresis is passed to be armed again.</summary>
    Fired,

    /// <summary>It fired, and that was all.</summary>
    Done,
}

/// <summary>What of an alert must outlive the process.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Firings">How often it fired.</param>
/// <param name="Peak">Of a drawdown: the highest index since it was set; else 0.</param>
/// <param name="At">The event time of what changed it last, microseconds since the Unix epoch.</param>
public sealed record AlertState(AlertPhase Phase = AlertPhase.Armed, int Firings = 0, decimal Peak = 0, long At = 0);

/// <summary>An alert that fired or was armed again.</summary>
/// <param name="Rule">The alert.</param>
/// <param name="State">As it is now, to be stored.</param>
/// <param name="Price">The price, or the portfolio's index, that did it.</param>
/// <param name="Level">The same as the alert sees it: the price, or per cent.</param>
public readonly record struct AlertChange(AlertRule Rule, AlertState State, decimal Price, decimal Level)
{
    /// <summary>Whether somebody must be told. Else it was only armed again.</summary>
    public bool IsFiring => State.Phase != AlertPhase.Armed;

    /// <summary>
    /// The same however often the same ticks are seen again, from the same stored states: whoever keeps it as the id
    /// of a message tells each firing once.
    /// </summary>
    public string FiringId => FormattableString.Invariant($"{Rule.Id}:{State.Firings}");
}
