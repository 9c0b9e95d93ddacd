namespace FinVault.Local.EventHubs;

/// <summary>
/// The newest events of a partition in a ring that grows up to a budget. Sequence numbers in it have no gaps. The
/// caller locks.
/// </summary>
internal sealed class RecentEvents
{
    private const int InitialCapacity = 256;

    private StoredEvent[] _ring = new StoredEvent[InitialCapacity];
    private long _first;
    private int _count;

    public long FirstSequence => _first;

    public int Count => _count;

    /// <summary>About what the events cost in memory.</summary>
    public long Bytes { get; private set; }

    public void Add(StoredEvent stored)
    {
        if (_count == 0)
        {
            _first = stored.SequenceNumber;
        }
        else if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[stored.SequenceNumber & (_ring.Length - 1)] = stored;
        _count++;
        Bytes += stored.Footprint;
    }

    public void RemoveOldest()
    {
        ref StoredEvent slot = ref _ring[_first & (_ring.Length - 1)];
        Bytes -= slot.Footprint;
        slot = null!;
        _first++;
        _count--;
    }

    /// <summary>Events from a sequence number on that is at or after <see cref="FirstSequence"/>.</summary>
    public StoredEvent[] Read(long from, int maxCount)
    {
        long available = _first + _count - from;
        if (available <= 0)
        {
            return [];
        }

        var events = new StoredEvent[Math.Min(available, maxCount)];
        int start = (int)(from & (_ring.Length - 1));
        int head = Math.Min(events.Length, _ring.Length - start);
        Array.Copy(_ring, start, events, 0, head);
        Array.Copy(_ring, 0, events, head, events.Length - head);
        return events;
    }

    // The capacity is a power of two, so that a sequence number's place is a mask away.
    private void Grow()
    {
        var larger = new StoredEvent[_ring.Length * 2];
        for (long sequence = _first; sequence < _first + _count; sequence++)
        {
            larger[sequence & (larger.Length - 1)] = _ring[sequence & (_ring.Length - 1)];
        }

        _ring = larger;
    }
}
