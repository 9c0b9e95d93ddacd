namespace FinVault.Market.Rules;

/// <summary>
/// What became of the ticks of a shard. <c>Received</c> is the sum of the six outcomes at all times;
/// <c>VolumeReset</c> counts accepted ticks below the day's highest cumulative volume;
/// <c>DeadLettered</c> is the rejected, out-of-session and too-late ones.
/// </summary>
public sealed class IngestCounters
{
    private readonly long[] _byOutcome = new long[Enum.GetValues<TickOutcome>().Length];

    public long VolumeReset { get; set; }

    public long Received => _byOutcome.Sum();

    public long DeadLettered =>
        this[TickOutcome.Rejected] + this[TickOutcome.OutOfSession] + this[TickOutcome.TooLate];

    public long this[TickOutcome outcome]
    {
        get => _byOutcome[(int)outcome];
        set => _byOutcome[(int)outcome] = value;
    }

    public void Count(TickOutcome outcome) => _byOutcome[(int)outcome]++;

    public void Add(IngestCounters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _byOutcome.Length; i++)
        {
            _byOutcome[i] += other._byOutcome[i];
        }

        VolumeReset += other.VolumeReset;
    }
}
