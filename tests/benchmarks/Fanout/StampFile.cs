using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace FinVault.Benchmarks.Fanout;

/// <summary>
/// When each tick was published, by symbol and number, in memory that the server and the load generator share: a
/// message
/// stands for several ticks, and each has its own delay. Stamps are of the monotonic clock, which processes share.
/// </summary>
internal sealed class StampFile : IDisposable
{
    /// <summary>More ticks of a symbol than any run publishes.</summary>
    private const int MaxTicks = 50_000;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long[] _last;

    private StampFile(MemoryMappedFile file, string[] symbols)
    {
        (_file, _view, Symbols) = (file, file.CreateViewAccessor(), symbols);
        _last = new long[symbols.Length];
    }

    public string[] Symbols { get; }

    public static StampFile Create(string folder, string[] symbols)
    {
        File.WriteAllLines(Path.Combine(folder, "symbols"), symbols);
        return new StampFile(
            MemoryMappedFile.CreateFromFile(
                Path.Combine(folder, "stamps"), FileMode.Create, null, (long)symbols.Length * MaxTicks * sizeof(long)),
            symbols);
    }

    public static StampFile Open(string folder) => new(
        MemoryMappedFile.CreateFromFile(Path.Combine(folder, "stamps")),
        File.ReadAllLines(Path.Combine(folder, "symbols")));

    /// <summary>Stamps the next tick of a symbol with now.</summary>
    public void Publish(int symbol) => _view.Write(At(symbol, ++_last[symbol]), Stopwatch.GetTimestamp());

    public long PublishedAt(int symbol, long seq) => _view.ReadInt64(At(symbol, seq));

    /// <summary>The number of a symbol's newest tick.</summary>
    public long LastSeq(int symbol)
    {
        while (_last[symbol] + 1 < MaxTicks && PublishedAt(symbol, _last[symbol] + 1) != 0)
        {
            _last[symbol]++;
        }

        return _last[symbol];
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static long At(int symbol, long seq) => seq is > 0 and < MaxTicks
        ? (((long)symbol * MaxTicks) + seq) * sizeof(long)
        : throw new InvalidOperationException($"Tick {seq} of a symbol: a run publishes fewer than {MaxTicks}.");
}
