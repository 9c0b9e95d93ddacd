using System.Text.Json;
using FinVault.Platform;

namespace FinVault.Local.Payments;

/// <summary>
/// What the simulated provider knows, as lines of JSON that are on the disk before it answers. A last line that was not
/// written to its end is of a call that was not answered; it is cut off.
/// </summary>
internal sealed class ProviderJournal : IDisposable
{
    private readonly FileStream? _file;

    private ProviderJournal(FileStream? file) => _file = file;

    /// <summary>Opens the file and reads what is in it; without a file nothing is kept.</summary>
    public static ProviderJournal Open(string? path, Action<ProviderLine> read)
    {
        if (path is null)
        {
            return new(null);
        }

        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        byte[] all = new byte[file.Length];
        file.ReadExactly(all);
        int whole = all.AsSpan().LastIndexOf((byte)'\n') + 1;
        foreach (Range line in all.AsSpan(0, whole).Split((byte)'\n'))
        {
            if (all.AsSpan(0, whole)[line] is { Length: > 0 } text)
            {
                read(JsonSerializer.Deserialize<ProviderLine>(text, Json.Options)!);
            }
        }

        file.SetLength(whole);
        file.Position = whole;
        return new(file);
    }

    public void Write(ProviderLine line)
    {
        _file?.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, Json.Options), (byte)'\n']);
        _file?.Flush(flushToDisk: true);
    }

    public void Dispose() => _file?.Dispose();
}

/// <summary>One fact; the last of a key counts.</summary>
internal sealed record ProviderLine(
    SimulatedOperation? Operation = null, SimulatedAccount? Account = null, SimulatedEvent? Event = null);
