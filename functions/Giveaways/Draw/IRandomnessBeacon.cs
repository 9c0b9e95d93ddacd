namespace FinVault.Giveaways.Draw;

/// <summary>
/// A public source of randomness that comes in numbered rounds at fixed times, and that nobody can know before: drand
/// (drand.love), and a simulator on the local host.
/// </summary>
public interface IRandomnessBeacon
{
    /// <summary>The chain's hash, as it stands in a draw's rules.</summary>
    string Chain { get; }

    /// <summary>The round that becomes public at a time, or the first one after it, with all that the rules say of it.</summary>
    BeaconChoice RoundAt(DateTimeOffset time);

    /// <summary>The round; null when it is not public yet.</summary>
    /// <exception cref="BeaconException">The beacon cannot be asked now, or answers what cannot be.</exception>
    Task<BeaconRound?> GetAsync(long round, CancellationToken cancellationToken);
}

/// <summary>The beacon cannot be asked now, or its answer does not fit together. Worth another try.</summary>
public sealed class BeaconException(string message, Exception? inner = null) : Exception(message, inner);
