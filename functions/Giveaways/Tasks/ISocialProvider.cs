namespace FinVault.Giveaways;

/// <summary>Whether somebody did something on a network.</summary>
public enum SocialState
{
    Done,
    NotDone,

    /// <summary>The network does not say yet; ask again.</summary>
    Pending,
}

/// <summary>What a network is asked.</summary>
/// <param name="Reference">The job; the same again is the same question.</param>
/// <param name="Network">As the task names it.</param>
/// <param name="Action">What was to be done.</param>
/// <param name="Target">The account, post or group.</param>
/// <param name="Handle">Who is to have done it.</param>
public sealed record SocialCheck(string Reference, string Network, TaskAction Action, string Target, string Handle);

/// <summary>What a network tells of an account.</summary>
public sealed record SocialAccount(int AgeDays, int Followers, int Following, int Posts, bool HasPicture);

/// <summary>What a network answers.</summary>
/// <param name="State">Done or not, or not known yet.</param>
/// <param name="Account">Whose account it is, where the network tells.</param>
/// <param name="Reason">Why not, for the participant to read.</param>
public sealed record SocialVerdict(SocialState State, SocialAccount? Account = null, string? Reason = null);

/// <summary>Social networks behind one port: an HTTP adapter, and a simulator on the local host.</summary>
public interface ISocialProvider
{
    /// <exception cref="Exception">Transient (<see cref="Platform.Failures.IsTransient"/>): worth another try.</exception>
    Task<SocialVerdict> CheckAsync(SocialCheck check, CancellationToken cancellationToken);
}
