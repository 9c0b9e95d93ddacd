using System.Text.Json;
using FinVault.Giveaways;
using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using FinVault.Platform.Outbox;

namespace FinVault.Notifications;

/// <summary>What a mail to a participant is composed from; the address is read when it is sent, and kept nowhere else.</summary>
public sealed record ParticipantOrder(string Giveaway, string Participant, string Kind, JsonElement Values);

/// <summary>
/// Tells winners that they have won, and reminds them before the deadline. A winner with an account of the same, confirmed
/// address is told as its user; anybody else by mail, if that is what they gave.
/// </summary>
public sealed class WinnerNotices(
    Notices notices, NoticeTexts texts, NoticeMails mails, ParticipantStore participants, AccountStore accounts, Jobs jobs)
    : IOutboxHandler, IMailComposer
{
    // A winner who has a day is reminded a day before; one who has less, halfway.
    private static readonly TimeSpan BeforeDeadline = TimeSpan.FromHours(24);

    public string Name => "participant";

    public bool Takes(string kind) => kind == GiveawayMessages.NoticeKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        WinnerNotice won = message.Payload.Deserialize<WinnerNotice>(Json.Options)!;
        await TellAsync(NoticeKinds.GiveawayWon, won, message.Id, message.At, cancellationToken);
        if (won.ClaimBy is { } until)
        {
            TimeSpan ahead = (until - message.At) / 2;
            await jobs.StartAsync(
                ClaimReminders.JobKind, "", won, cancellationToken,
                Jobs.IdOf(message.At, $"{won.Giveaway}/{message.Id}/reminder"),
                until - (ahead < BeforeDeadline ? ahead : BeforeDeadline));
        }
    }

    /// <summary>Tells a winner once for each name of what happened.</summary>
    internal async Task TellAsync(
        string kind, WinnerNotice won, string source, DateTimeOffset at, CancellationToken cancellationToken)
    {
        JsonElement values = JsonSerializer.SerializeToElement(won, Json.Options);
        string name = $"{won.Giveaway}/{source}";
        string? address = await AddressAsync(won.Giveaway, won.Participant, cancellationToken);
        if (address is not null
            && await accounts.FindByEmailAsync(address, cancellationToken) is { Document: { EmailVerified: true } account })
        {
            await notices.TellAsync(account.User, kind, values, name, at, cancellationToken);
        }
        else if (address is not null)
        {
            ParticipantOrder order = new(won.Giveaway, won.Participant, kind, values);
            await jobs.StartAsync(
                JobKinds.Email, "", new MailOrder(Name, JsonSerializer.SerializeToElement(order, Json.Options)),
                cancellationToken, Jobs.IdOf(at, $"{name}/{kind}"));
        }
    }

    public async Task<Mail?> ComposeAsync(
        string id, string user, JsonElement order, CancellationToken cancellationToken)
    {
        ParticipantOrder told = order.Deserialize<ParticipantOrder>(Json.Options)!;
        if (await AddressAsync(told.Giveaway, told.Participant, cancellationToken) is not { } address)
        {
            return null;
        }

        NoticeText text = texts.Compose(told.Kind, told.Values, Preferences.Default.Zone());
        return mails.Compose(
            id, address, new(id, told.Kind, text.Title, text.Text, text.Link, default, null, Importance.High));
    }

    // Null for a phone number, or who has been forgotten.
    private async Task<string?> AddressAsync(string giveaway, string participant, CancellationToken cancellationToken)
    {
        string? contact = (await participants.FindAsync(giveaway, participant, cancellationToken))?.Contact;
        return contact?.Contains('@', StringComparison.Ordinal) == true ? EmailAddress.Read(contact) : null;
    }
}
