namespace FinVault.Local.Cosmos;

/// <summary>
/// A document that was read and is written back carries its old system properties. They are cut out by copying the
/// runs of bytes between them; a document without any is not copied at all.
/// </summary>
internal sealed class KeptRuns
{
    private readonly List<Range> runs = [];
    private int runStart = -1;
    private int runEnd;
    private bool cut;

    /// <summary>One top-level property: from its name's first byte to its value's last.</summary>
    public void Add(int start, int end, bool keep)
    {
        if (keep)
        {
            runStart = runStart < 0 ? start : runStart;
            runEnd = end;
            return;
        }
        cut = true;
        Flush();
    }

    /// <summary>The document up to, not including, its closing brace at <paramref name="end"/>.</summary>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> json, int end)
    {
        if (!cut)
        {
            return json[..end];
        }
        Flush();
        byte[] copy = new byte[end];
        copy[0] = (byte)'{';
        int at = 1;
        foreach (Range run in runs)
        {
            if (at > 1)
            {
                copy[at++] = (byte)',';
            }
            ReadOnlySpan<byte> bytes = json.Span[run];
            bytes.CopyTo(copy.AsSpan(at));
            at += bytes.Length;
        }
        return copy.AsMemory(0, at);
    }

    private void Flush()
    {
        if (runStart >= 0)
        {
            runs.Add(runStart..runEnd);
            runStart = -1;
        }
    }
}
