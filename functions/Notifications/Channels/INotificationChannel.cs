namespace FinVault.Notifications;

/// <summary>A notice on its way to one target.</summary>
/// <param name="Id">The same at every try: who gets it twice can tell.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Target">Of the channel's own, from <see cref="INotificationChannel.TargetsAsync"/>.</param>
/// <param name="Notice">What it says.</param>
public sealed record NoticeDelivery(string Id, string User, string Target, Notice Notice);

/// <summary>A way to reach a user.</summary>
public interface INotificationChannel
{
    NoticeChannel Channel { get; }

    /// <summary>Where a notice goes on this channel: none where the user has not set it up.</summary>
    Task<IReadOnlyList<string>> TargetsAsync(string user, Notice notice, CancellationToken cancellationToken);

    /// <summary>Hands it over. A target that is gone is forgotten, and that is no failure.</summary>
    /// <exception cref="FinVault.Platform.ProblemException">delivery_refused: it never will be taken.</exception>
    Task SendAsync(NoticeDelivery delivery, CancellationToken cancellationToken);
}
