namespace FinVault.Local.Feed;

/// <summary>One row of a recorded file. Price and volume stay the file's own text, so nothing is lost on the way.</summary>
/// <param name="EventTime">UTC.</param>
/// <param name="Line">Counted from 1, the heading included.</param>
internal readonly record struct RecordedTick(string Symbol, DateTime EventTime, string Price, string Volume, long Line);

/// <summary>A recorded file cannot be read on.</summary>
public sealed class TickFileException(string file, long line, string reason)
    : Exception($"{file}, line {line}: {reason}")
{
    public long Line { get; } = line;
}
