using System.Collections.Concurrent;

namespace FinVault.Tests.Local.Hosting;

/// <summary>What function classes of a test write down, in order.</summary>
public sealed class Journal
{
    private readonly ConcurrentQueue<string> _entries = new();

    public IReadOnlyCollection<string> Entries => _entries;

    public void Add(string entry) => _entries.Enqueue(entry);
}
