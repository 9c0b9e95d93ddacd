using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Configuration;

namespace FinVault.Local.Durable;

/// <summary>Which instances a worker takes, by their version and its own.</summary>
public enum VersionMatchStrategy
{
    None = 0,
    Strict = 1,
    CurrentOrOlder = 2,
}

/// <summary>What happens to an instance of another version.</summary>
public enum VersionFailureStrategy
{
    /// <summary>It waits until a worker comes that takes it.</summary>
    Reject = 0,

    /// <summary>It fails.</summary>
    Fail = 1,
}

/// <summary>The settings of <c>extensions.durableTask</c> in <c>host.json</c>, under their names there.</summary>
public sealed record DurableOptions
{
    public string HubName { get; init; } = "TestHubName";

    /// <summary>Activities that run at the same time; more wait.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrators that run at the same time; one that awaits does not run.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>The version of instances that are started without one.</summary>
    public string DefaultVersion { get; init; } = "";

    public VersionMatchStrategy VersionMatchStrategy { get; init; } = VersionMatchStrategy.CurrentOrOlder;

    public VersionFailureStrategy VersionFailureStrategy { get; init; } = VersionFailureStrategy.Reject;

    /// <summary>Orchestrators stay in memory between their passes instead of being replayed for each.</summary>
    public bool ExtendedSessionsEnabled { get; init; }

    public int ExtendedSessionIdleTimeoutInSeconds { get; init; } = 30;

    /// <summary>Orchestrators that stay in memory at the same time.</summary>
    public int MaxExtendedSessions { get; init; } = 10_000;

    /// <summary>
    /// A start under the id of a running instance replaces it (<c>AnyState</c>) instead of being refused.
    /// </summary>
    public bool OverrideRunningInstances { get; init; }

    /// <summary>Longer timers are a chain of timers of this length.</summary>
    public TimeSpan MaximumTimerInterval { get; init; } = TimeSpan.FromDays(3);

    public DataConverter Converter { get; init; } = JsonDataConverter.Default;

    /// <param name="section"><c>extensions:durableTask</c> of host.json.</param>
    /// <exception cref="FormatException">A setting has a value that it cannot have; the message names it.</exception>
    public static DurableOptions From(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        DurableOptions defaults = new();
        return defaults with
        {
            HubName = section["hubName"] ?? defaults.HubName,
            MaxConcurrentActivityFunctions =
                Count(section, "maxConcurrentActivityFunctions", defaults.MaxConcurrentActivityFunctions),
            MaxConcurrentOrchestratorFunctions =
                Count(section, "maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestratorFunctions),
            DefaultVersion = section["defaultVersion"] ?? defaults.DefaultVersion,
            VersionMatchStrategy = Choice(section, "versionMatchStrategy", defaults.VersionMatchStrategy),
            VersionFailureStrategy = Choice(section, "versionFailureStrategy", defaults.VersionFailureStrategy),
            ExtendedSessionsEnabled = Choice(section, "extendedSessionsEnabled", Answer.False) == Answer.True,
            ExtendedSessionIdleTimeoutInSeconds = Count(
                section, "extendedSessionIdleTimeoutInSeconds", defaults.ExtendedSessionIdleTimeoutInSeconds),
            OverrideRunningInstances =
                Choice(section, "overridableExistingInstanceStates", States.NonRunningStates) == States.AnyState,
        };
    }

    static int Count(IConfiguration section, string key, int otherwise) =>
        section[key] is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value
        : throw new FormatException($"host.json: durableTask.{key} must be a whole number above zero, not '{text}'.");

    static T Choice<T>(IConfiguration section, string key, T otherwise)
        where T : struct, Enum =>
        section[key] is not { } text ? otherwise
        : Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value
        : throw new FormatException(
            $"host.json: durableTask.{key} must be one of {string.Join(", ", Enum.GetNames<T>())}, not '{text}'.");

    enum Answer
    {
        False,
        True,
    }

    enum States
    {
        NonRunningStates,
        AnyState,
    }
}
