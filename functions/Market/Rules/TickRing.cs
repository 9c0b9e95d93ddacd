namespace FinVault.Market.Rules;

/// <summary>The last <see cref="Capacity"/> kept ticks of a symbol by arrival (MKT-07); the oldest gives way.</summary>
public sealed class TickRing
{
    public const int Capacity = 100;

    private readonly Tick[] _ticks = new Tick[Capacity];

    // Ticks arrive with consecutive numbers, so a tick's place follows from its number.
    public long LastSeq { get; private set; }

    public int Count { get; private set; }

    public long FirstSeq => LastSeq - Count + 1;

    /// <summary>Adds the next tick; its number must follow the last one, unless the ring is empty.</summary>
    public void Add(in Tick tick)
    {
        if (Count > 0 && tick.Seq != LastSeq + 1)
        {
            throw new ArgumentException($"Tick {tick.Seq} does not follow {LastSeq}.", nameof(tick));
        }

        _ticks[tick.Seq % Capacity] = tick;
        LastSeq = tick.Seq;
        Count = Math.Min(Count + 1, Capacity);
    }

    /// <summary>
    /// Adds ticks, in order, leaving out those that it has. Behind a gap it starts anew: what is older than the gap is
    /// no longer among the last ones, or lost.
    /// </summary>
    public void Continue(IEnumerable<Tick> ticks)
    {
        foreach (Tick tick in ticks.Where(t => t.Seq > LastSeq || Count == 0))
        {
            if (tick.Seq != LastSeq + 1)
            {
                Array.Clear(_ticks);
                Count = 0;
            }

            Add(tick);
        }
    }

    /// <summary>Whether a kept tick has the same event time, price and volume.</summary>
    public bool Contains(long eventTime, decimal price, long volume)
    {
        // A place that is not taken has the price 0, which no tick has.
        foreach (ref readonly Tick tick in _ticks.AsSpan())
        {
            if (tick.EventTime == eventTime && tick.Volume == volume && tick.Price == price)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The kept ticks with a number above <paramref name="after"/>, oldest first.</summary>
    public IEnumerable<Tick> Enumerate(long after = 0)
    {
        for (long seq = Math.Max(FirstSeq, after + 1); seq <= LastSeq; seq++)
        {
            yield return _ticks[seq % Capacity];
        }
    }
}
