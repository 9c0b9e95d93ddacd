namespace FinVault.Local.Cosmos;

/// <summary>What goes wrong with a request.</summary>
public enum FaultKind
{
    /// <summary>429 with a time to wait. The SDK tries again by itself, nine times unless told otherwise.</summary>
    TooManyRequests,

    /// <summary>503; nothing was done.</summary>
    Unavailable,

    /// <summary>412; nothing was done.</summary>
    PreconditionFailed,

    /// <summary>The request is carried out, late.</summary>
    Latency,

    /// <summary>The request is carried out, but the client is told 503.</summary>
    DoneButUnavailable,

    /// <summary>The request is carried out, but the client is told 408: no answer in time.</summary>
    DoneButTimedOut,
}

/// <summary>Which requests go wrong, and how.</summary>
public sealed record FaultRule(FaultKind Kind)
{
    /// <summary>Only requests to this container; null: to any. Metadata requests are never disturbed.</summary>
    public string? Container { get; init; }

    /// <summary>Only requests of this kind; null: of any.</summary>
    public CosmosOperation? Operation { get; init; }

    /// <summary>The share of those requests, 0 to 1, drawn from the switches' seeded generator.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The rule ends after this many faults; null: only with <see cref="FaultSwitches.Clear"/>.</summary>
    public int? Next { get; init; }

    /// <summary>So many fitting requests go well before the first that does not.</summary>
    public int Skip { get; init; }

    /// <summary>For <see cref="FaultKind.TooManyRequests"/>.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>For <see cref="FaultKind.Latency"/>.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(100);
}
