using System.Text.Json;
using FinVault.Audit;
using FinVault.Identity;
using FinVault.Platform.Outbox;

namespace FinVault.Notifications;

/// <summary>Tells a user of a sign-in from a device that was not seen before, except of the very first one.</summary>
public sealed class SignInNotices(Notices notices, NotificationDocuments documents) : IOutboxHandler
{
    private const int RememberedSeconds = 180 * 24 * 3600;

    public bool Takes(string kind) => kind == Sessions.SignedInKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        string user = message.Partition;
        string device = message.Payload.TryGetProperty("device", out JsonElement sent) ? sent.GetString() ?? "" : "";
        bool others = await AnyAsync(user, cancellationToken);
        // A message that comes again finds what it has written, and is told as at first.
        KnownDevice known = new($"known:{Guard.Hash(device)}", user, message.Id, others, RememberedSeconds);
        if (!await documents.CreateAsync(user, known, cancellationToken))
        {
            known = await documents.FindAsync<KnownDevice>(user, known.Id, cancellationToken) ?? known;
        }

        if (known.Message == message.Id && known.IsNews)
        {
            await notices.TellAsync(
                user, NoticeKinds.NewDevice, message.Payload, message.Id, message.At, cancellationToken);
        }
    }

    private async Task<bool> AnyAsync(string user, CancellationToken cancellationToken) => await documents.QueryAsync<int>(
        user, new("SELECT VALUE COUNT(1) FROM c WHERE c.type = 'known'"), cancellationToken).SumAsync(cancellationToken) > 0;

    [NotAudited("It follows from sign-ins, which are told by events.")]
    private sealed record KnownDevice(string Id, string User, string Message, bool IsNews, int Ttl)
    {
        public string Type { get; init; } = "known";
    }
}
