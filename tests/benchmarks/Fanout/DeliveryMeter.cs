using System.Diagnostics;
using FinVault.Benchmarks.Harness;

namespace FinVault.Benchmarks.Fanout;

/// <summary>What quotes' clients tell what they get.</summary>
internal interface IQuoteMeter
{
    string NameOf(int symbol);

    /// <summary>The number of a symbol's newest tick, as far as anybody knows.</summary>
    long LastSeq(int symbol);

    /// <summary>A message with so many quotes, of so many bytes.</summary>
    void Message(int quotes, int bytes);

    /// <summary>The server said that it dropped messages for a client that was too slow.</summary>
    void Conflated();

    /// <summary>
    /// A quote that stands for the ticks after <paramref name="last"/>, up to <paramref name="seq"/>; what comes after
    /// its numbers is in <paramref name="rest"/>.
    /// </summary>
    void Quote(int symbol, long last, long prev, long seq, ReadOnlySpan<byte> rest);
}

/// <summary>Counts what all clients get, and how late. Safe for concurrent use.</summary>
internal sealed class DeliveryMeter(StampFile stamps) : IQuoteMeter
{
    private readonly Lock _gate = new();
    private Deliveries _deliveries = new();

    public StampFile Stamps => stamps;

    public string NameOf(int symbol) => stamps.Symbols[symbol];

    public long LastSeq(int symbol) => stamps.LastSeq(symbol);

    public void Message(int quotes, int bytes)
    {
        lock (_gate)
        {
            _deliveries.Messages++;
            _deliveries.Quotes += quotes;
            _deliveries.Bytes += bytes;
            _deliveries.Units += (bytes + Deliveries.UnitBytes - 1) / Deliveries.UnitBytes;
        }
    }

    public void Conflated()
    {
        lock (_gate)
        {
            _deliveries.Conflated++;
        }
    }

    public void Quote(int symbol, long last, long prev, long seq, ReadOnlySpan<byte> rest)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            _deliveries.Lost += Math.Max(0, prev - last);
            for (long tick = Math.Max(last, prev) + 1; tick <= seq; tick++)
            {
                double delay = Stopwatch.GetElapsedTime(stamps.PublishedAt(symbol, tick), now).TotalMicroseconds;
                _deliveries.Ticks++;
                _deliveries.TickDelays.Add(delay);
                if (tick == seq)
                {
                    _deliveries.QuoteDelays.Add(delay);
                }
            }
        }
    }

    /// <summary>What came since the last call.</summary>
    public Deliveries Take()
    {
        lock (_gate)
        {
            return Interlocked.Exchange(ref _deliveries, new Deliveries());
        }
    }
}

/// <summary>What clients got.</summary>
internal sealed class Deliveries
{
    public const int UnitBytes = 2_048;

    /// <summary>Messages, each an array of quotes of one group and window.</summary>
    public long Messages { get; set; }

    public long Quotes { get; set; }

    public long Bytes { get; set; }

    /// <summary>As Azure SignalR bills messages: one of more than 2 KB is several.</summary>
    public long Units { get; set; }

    /// <summary>The ticks that the quotes stand for.</summary>
    public long Ticks { get; set; }

    /// <summary>Ticks between a quote's <c>prev</c> and the <c>seq</c> that the client held.</summary>
    public long Lost { get; set; }

    public long Conflated { get; set; }

    /// <summary>Of every tick, from its publication to the message that covers it.</summary>
    public Histogram TickDelays { get; } = new();

    /// <summary>Of every quote's own, newest tick.</summary>
    public Histogram QuoteDelays { get; } = new();
}
