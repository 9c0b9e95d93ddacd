namespace FinVault.Platform.Resilience;

/// <summary>
/// How much something outside may cost us. The defaults are those of internal calls; a setting
/// <c>Dependencies__{kind}__{member}</c> changes one, where the kind is the name up to its first <c>-</c>.
/// </summary>
public sealed record DependencySettings
{
    public const string Section = "Dependencies";

    /// <summary>Longest wait for a connection.</summary>
    public double ConnectSeconds { get; init; } = 3;

    /// <summary>Longest wait for one whole try, its connection included.</summary>
    public double TotalSeconds { get; init; } = 10;

    /// <summary>Tries after the first. Only for calls that do the same however often they come.</summary>
    public int Retries { get; init; }

    /// <summary>Before the first retry; each further one waits about twice as long.</summary>
    public double RetrySeconds { get; init; } = 0.2;

    /// <summary>Failures in a row that open the breaker; at least 2.</summary>
    public int BreakerFailures { get; init; } = 5;

    /// <summary>How long an open breaker lets nothing through before it tries one call.</summary>
    public double BreakerSeconds { get; init; } = 30;

    /// <summary>Calls at a time.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>Calls that may wait for another to end; the next is refused at once.</summary>
    public int Waiting { get; init; } = 256;

    /// <exception cref="InvalidOperationException">A setting is out of its range; the message names it.</exception>
    internal DependencySettings Checked(string name) => this switch
    {
        { ConnectSeconds: <= 0 } => throw Wrong(name, nameof(ConnectSeconds)),
        { TotalSeconds: < 0.01 or > 86_400 } => throw Wrong(name, nameof(TotalSeconds)),
        { Retries: < 0 or > 10 } => throw Wrong(name, nameof(Retries)),
        { BreakerFailures: < 2 } => throw Wrong(name, nameof(BreakerFailures)),
        { BreakerSeconds: < 0.5 or > 86_400 } => throw Wrong(name, nameof(BreakerSeconds)),
        { Concurrency: < 1 } => throw Wrong(name, nameof(Concurrency)),
        { Waiting: < 0 } => throw Wrong(name, nameof(Waiting)),
        _ => this,
    };

    private static InvalidOperationException Wrong(string name, string setting) =>
        new($"{Section}:{name}:{setting} is out of its range.");
}

/// <summary>What counts as a failure of a dependency, beside a call that took too long.</summary>
/// <param name="Thrown">Of exceptions; by default those that pass (<see cref="Failures.IsTransient"/>).</param>
/// <param name="Answered">Of answers; by default none.</param>
public sealed record FailureRule(Func<Exception, bool> Thrown, Func<object?, bool> Answered)
{
    public static FailureRule Transient { get; } = new(Failures.IsTransient, _ => false);

    /// <summary>This kind of exception and no other.</summary>
    public static FailureRule Only<T>() where T : Exception => new(exception => exception is T, _ => false);
}
