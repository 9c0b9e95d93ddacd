using System.Globalization;
using FinVault.Audit;
using Microsoft.Extensions.Configuration;

namespace FinVault.Portfolios;

/// <summary>What is done each night, in this order.</summary>
public enum NightlyWork
{
    Rebalance,
    TaxLosses,

    /// <summary>Model portfolios, a currency each.</summary>
    Profiles,
    End,
}

/// <summary>A run of the night, as far as it has come.</summary>
/// <param name="Night">The local date on which it began, <c>yyyy-MM-dd</c>; it keeps it when it goes on the next night.</param>
/// <param name="Work">What it is at.</param>
/// <param name="After">The last of that it has dealt with; empty for none.</param>
/// <param name="Done">Where something was made.</param>
/// <param name="Skipped">Where nothing was to do, or there is not enough to plan with.</param>
/// <param name="Failed">What was given up for this night; the others went on.</param>
public sealed record NightlyRun(string Night, NightlyWork Work, string After, int Done, int Skipped, int Failed);

/// <summary>What to do next.</summary>
/// <param name="Until">Nothing before then: the window is closed, or the store is busy; null for at once.</param>
/// <param name="Names">Accounts, owners or currencies of the next batch; empty when the work is done.</param>
public sealed record NightlyStep(DateTimeOffset? Until, IReadOnlyList<string> Names);

/// <summary>A worker's part of a batch.</summary>
public sealed record NightlyPart(string Night, NightlyWork Work, IReadOnlyList<string> Names);

/// <summary>What a worker did of its part.</summary>
/// <param name="Done">Where something was made.</param>
/// <param name="Skipped">Where nothing was to do.</param>
/// <param name="Failed">What could not be done.</param>
/// <param name="IsCut">Whether it stopped before the end, for the window or the store.</param>
public sealed record NightlyCounts(int Done, int Skipped, int Failed, bool IsCut);

/// <summary>How a run stands, for operators.</summary>
/// <param name="Run">As far as it has come.</param>
/// <param name="PausedUntil">When it looks again; null while it works.</param>
/// <param name="UpdatedAt">When it last said so.</param>
/// <param name="EndedAt">When it was through; null before.</param>
public sealed record NightlyView(
    NightlyRun Run, DateTimeOffset? PausedUntil, DateTimeOffset UpdatedAt, DateTimeOffset? EndedAt);

/// <summary>The last run, in a partition of its own.</summary>
[NotAudited("It says how far the night has come; what it made is recorded where it was made.")]
internal sealed record NightlyDocument(string Account, NightlyView View)
{
    public const string Partition = "nightly";
    public const string DocumentId = "run";

    public string Id { get; init; } = DocumentId;

    public string Type { get; init; } = "nightlyRun";
}

/// <summary>
/// The settings <c>NightlyPlans__…</c>: <c>from</c>, <c>to</c> and <c>zone</c> of the window, <c>unitsPerSecond</c>
/// that the store has, and the per cent of it (<c>pauseAbovePercent</c>), and of refused requests
/// (<c>refusedAbovePercent</c>), above which the night waits for the others.
/// </summary>
public sealed class NightlyOptions(IConfiguration configuration)
{
    public const string Section = "NightlyPlans";

    private readonly TimeZoneInfo _zone =
        TimeZoneInfo.FindSystemTimeZoneById(configuration[$"{Section}:zone"] is { Length: > 0 } zone ? zone : "Asia/Kolkata");

    private readonly TimeOnly _from = Time(configuration, "from", new(2, 0));
    private readonly TimeOnly _to = Time(configuration, "to", new(6, 0));

    public double UnitsPerSecond { get; } = Number(configuration, "unitsPerSecond", 10_000);

    public double PauseAbovePercent { get; } = Number(configuration, "pauseAbovePercent", 80);

    public double RefusedAbovePercent { get; } = Number(configuration, "refusedAbovePercent", 1);

    /// <summary>Whether the night's work may be done.</summary>
    public bool IsOpen(DateTimeOffset now) => TimeOnly.FromDateTime(Local(now)) is var time && time >= _from && time < _to;

    public string NightOf(DateTimeOffset now) => Local(now).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>When the window opens next.</summary>
    public DateTimeOffset NextOpening(DateTimeOffset now)
    {
        DateTime local = Local(now);
        DateTime opens = local.Date + _from.ToTimeSpan();
        opens = opens > local ? opens : opens.AddDays(1);
        return new DateTimeOffset(opens, _zone.GetUtcOffset(opens)).ToUniversalTime();
    }

    private DateTime Local(DateTimeOffset now) => TimeZoneInfo.ConvertTime(now, _zone).DateTime;

    private static TimeOnly Time(IConfiguration configuration, string name, TimeOnly otherwise) =>
        configuration[$"{Section}:{name}"] is { Length: > 0 } text ? TimeOnly.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static double Number(IConfiguration configuration, string name, double otherwise) =>
        configuration[$"{Section}:{name}"] is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
