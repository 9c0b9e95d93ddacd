using System.Text.Json.Serialization;
using FinVault.Audit;

namespace FinVault.Portfolios;

/// <summary>What fired an alert.</summary>
/// <param name="Price">The price that did.</param>
/// <param name="Level">What was compared: the price, or per cent.</param>
/// <param name="EventTime">When the exchange says that the price was made.</param>
/// <param name="SeenAt">When FinVault took it.</param>
/// <param name="Late">Whether it came long after it was made.</param>
/// <param name="Source">The feed that gave it.</param>
public sealed record AlertFiring(
    decimal Price, decimal Level, DateTimeOffset EventTime, DateTimeOffset SeenAt, bool Late, string Source);

/// <summary>The tick up to which an alert was judged when it changed last: what comes again up to there is not judged.</summary>
/// <param name="Shard">The shard that numbers the ticks.</param>
/// <param name="Seq">The tick's number in its symbol.</param>
internal sealed record AlertMark(string Shard, long Seq);

/// <summary>An alert, in its user's partition. Every change adds one to its generation and is made from the one before.</summary>
/// <param name="Id"><c>ALERT_&lt;ULID&gt;</c>.</param>
/// <param name="User">The partition.</param>
/// <param name="Kind">What it waits for.</param>
/// <param name="Symbol">Of the prices.</param>
/// <param name="Threshold">A price, or per cent.</param>
/// <param name="WindowMinutes">Of a rise or fall; else 0.</param>
/// <param name="Rearms">Whether it can fire again.</param>
/// <param name="Hysteresis">See <see cref="AlertRule.Hysteresis"/>.</param>
/// <param name="Note">The user's own words; null for none.</param>
/// <param name="IsPaused">Set aside by the user.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">Prices made before do not fire it, microseconds since the Unix epoch.</param>
/// <param name="Generation">Counts its changes.</param>
/// <param name="CreatedAt">When it was set.</param>
/// <param name="At">When its user changed it last.</param>
[NotAudited("A user's own wish; each firing of it is kept beside it.")]
internal sealed record AlertDocument(
    string Id, string User, AlertKind Kind, string Symbol, decimal Threshold, int WindowMinutes, bool Rearms,
    decimal Hysteresis, string? Note, bool IsPaused, AlertState State, long Since, int Generation,
    DateTimeOffset CreatedAt, DateTimeOffset At)
{
    public const string DocumentType = "alert";

    /// <summary>A deleted one stays for a while, so that the change feed tells of it.</summary>
    public const string DeletedType = "deletedAlert";

    public string Type { get; init; } = DocumentType;

    /// <summary>Whether it waits for ticks: not paused, not done, not deleted.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>Null until a tick has changed it.</summary>
    public AlertMark? Mark { get; init; }

    public AlertFiring? LastFiring { get; init; }

    /// <summary>Whether the last change was made by a tick: who ingests the symbol knows of it.</summary>
    public bool ByTick { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Ttl { get; init; }

    [JsonIgnore]
    public AlertRule Rule => new(Id, Kind, Symbol, Threshold)
    {
        Window = TimeSpan.FromMinutes(WindowMinutes), Rearms = Rearms, Hysteresis = Hysteresis,
    };

    /// <summary>After the user has changed it.</summary>
    public AlertDocument Changed(DateTimeOffset now) => this with
    {
        Generation = Generation + 1, At = now, ByTick = false, IsActive = !IsPaused && State.Phase != AlertPhase.Done,
    };
}

/// <summary>That an alert fired, in its user's partition.</summary>
[NotAudited("It is a journal of its own: it is written once.")]
internal sealed record FiringDocument(
    string Id, string User, string Alert, string Symbol, string Condition, DateTimeOffset At, AlertFiring Firing)
{
    public const string DocumentType = "firing";

    private const int KeptSeconds = 400 * 24 * 3600;

    public string Type { get; init; } = DocumentType;

    public int Ttl { get; init; } = KeptSeconds;

    /// <summary>The same for the same firing, so that it is written once.</summary>
    public static string IdOf(string alert, int firing) => FormattableString.Invariant($"FIRING-{alert}-{firing:D9}");
}

/// <summary>How many of something a user has, so that there is a limit.</summary>
[NotAudited("It is a counter.")]
internal sealed record AlertCountDocument(string Id, string User, int Total)
{
    public string Type { get; init; } = "count";
}
