using FinVault.Identity;

namespace FinVault.Notifications;

/// <summary>Mail to the account's address, once its owner has shown that it is theirs.</summary>
public sealed class EmailChannel(AccountStore accounts, MailGate gate, NoticeMails mails) : INotificationChannel
{
    private const string AccountAddress = "account";

    public NoticeChannel Channel => NoticeChannel.Email;

    public async Task<IReadOnlyList<string>> TargetsAsync(
        string user, Notice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return await AddressAsync(user, notice, cancellationToken) is null ? [] : [AccountAddress];
    }

    public async Task SendAsync(NoticeDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (await AddressAsync(delivery.User, delivery.Notice, cancellationToken) is { } address)
        {
            await gate.SendAsync(mails.Compose(delivery.Id, address, delivery.Notice), cancellationToken);
        }
    }

    // The warning of a change of the account goes to the address that it had, confirmed or not.
    private async Task<string?> AddressAsync(string user, Notice notice, CancellationToken cancellationToken) =>
        (await accounts.FindAsync(user, cancellationToken))?.Document is { } account
            && (account.EmailVerified || notice.Importance == Importance.Security)
            ? account.Email
            : null;
}
