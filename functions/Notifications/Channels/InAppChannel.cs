using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;

namespace FinVault.Notifications;

/// <summary>The user's live connections, those of this user only: SignalR knows who negotiated.</summary>
public sealed class InAppChannel(Lazy<ServiceHubContext> hub) : INotificationChannel
{
    /// <summary>What a client listens to; the argument is a <see cref="Notice"/>.</summary>
    public const string Message = "notice";

    internal const string Live = "live";

    public NoticeChannel Channel => NoticeChannel.InApp;

    public Task<IReadOnlyList<string>> TargetsAsync(
        string user, Notice notice, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([Live]);

    public Task SendAsync(NoticeDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return hub.Value.Clients.User(delivery.User).SendAsync(Message, delivery.Notice, cancellationToken);
    }
}
