namespace FinVault.Local.Cosmos;

/// <summary>
/// Makes chosen requests go wrong, for tests. The same seed and the same order of requests make the same faults.
/// </summary>
public sealed class FaultSwitches
{
    private readonly Lock gate = new();
    private readonly List<Armed> rules = [];
    private Random random = new(0);
    private volatile bool armed;
    private long injected;

    /// <summary>How many faults there were so far.</summary>
    public long Injected => Volatile.Read(ref injected);

    /// <summary>Arms a rule. The first armed rule that fits a request decides; disposing the answer disarms it.</summary>
    public IDisposable Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentOutOfRangeException.ThrowIfNegative(rule.Share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rule.Share, 1);
        var added = new Armed(this, rule);
        lock (gate)
        {
            rules.Add(added);
            armed = true;
        }
        return added;
    }

    /// <summary>Disarms every rule.</summary>
    public void Clear()
    {
        lock (gate)
        {
            rules.Clear();
            armed = false;
        }
    }

    /// <summary>Starts the generator behind <see cref="FaultRule.Share"/> anew.</summary>
    public void Seed(int seed)
    {
        lock (gate)
        {
            random = new Random(seed);
        }
    }

    internal FaultRule? Draw(string container, CosmosOperation operation)
    {
        if (!armed || operation is CosmosOperation.Metadata or CosmosOperation.QueryPlan)
        {
            return null;
        }
        lock (gate)
        {
            foreach (Armed candidate in rules)
            {
                FaultRule rule = candidate.Rule;
                bool fits = (rule.Container is null || rule.Container == container)
                    && (rule.Operation is null || rule.Operation == operation);
                if (fits && candidate.Skipped < rule.Skip)
                {
                    candidate.Skipped++;
                }
                else if (fits && (rule.Share >= 1 || random.NextDouble() < rule.Share))
                {
                    Count(candidate);
                    return rule;
                }
            }
        }
        return null;
    }

    private void Count(Armed fired)
    {
        injected++;
        if (fired.Rule.Next is { } next && ++fired.Fired >= next)
        {
            rules.Remove(fired);
        }
    }

    private void Remove(Armed rule)
    {
        lock (gate)
        {
            rules.Remove(rule);
        }
    }

    private sealed class Armed(FaultSwitches owner, FaultRule rule) : IDisposable
    {
        public FaultRule Rule { get; } = rule;

        public int Fired { get; set; }

        public int Skipped { get; set; }

        public void Dispose() => owner.Remove(this);
    }
}
