using Microsoft.Extensions.Logging;

namespace FinVault.Platform.Resilience;

/// <summary>
/// A breaker for each member, as many as somebody else likes: of members that are not in use the oldest are forgotten.
/// They are no part of FinVault's health.
/// </summary>
public sealed class DependencyFamily
{
    internal const int MaxMembers = 1_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private readonly string _name;
    private readonly FailureRule _failures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Bulkhead _bulkhead;
    private readonly LruEntries<Dependency> _members;
    private readonly Lock _lock = new();

    internal DependencyFamily(
        string name, DependencySettings settings, FailureRule failures, TimeProvider time, ILogger logger)
    {
        (_name, Settings, _failures, _time, _logger) = (name, settings, failures, time, logger);
        _bulkhead = new(name, settings.Concurrency, settings.Waiting);
        _members = new(new CacheLimits(MaxMembers), time, null);
    }

    public DependencySettings Settings { get; }

    /// <summary>The member of a key, such as the host that is called.</summary>
    public Dependency Of(string key)
    {
        lock (_lock)
        {
            if (!_members.TryTake(key, out Dependency member))
            {
                member = new(_name, Settings, _failures, _bulkhead, _time, _logger, key);
                _members.Store(key, member, Remembered);
            }

            return member;
        }
    }

    /// <summary>Lets a member be tried at once, as somebody asks for it who may have mended it.</summary>
    public void Forget(string key)
    {
        lock (_lock)
        {
            _members.Remove(key);
        }
    }
}
