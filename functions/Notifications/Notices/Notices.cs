using System.Text;
using System.Text.Json;
using FinVault.Platform;
using FinVault.Platform.Jobs;
using FinVault.Platform.Outbox;

namespace FinVault.Notifications;

/// <summary>What a message says that is to be told as it is.</summary>
/// <param name="User">Who is told.</param>
/// <param name="Values">What the kind's text needs; a JSON object.</param>
public sealed record NoticeOrder(string User, JsonElement Values);

/// <summary>
/// Tells users what concerns them. Other slices write <see cref="Message"/> beside their change, in the batch that makes
/// it; who has no outbox calls <see cref="TellAsync"/> with an id of what happened. Both tell it once, however often they
/// come. In the app it is at once; each other channel is a job of its own, retried and, when it fails for good, among the
/// failed jobs, from where an operator has it sent again.
/// </summary>
public sealed class Notices(
    NoticeStore store, PreferenceStore preferences, NoticeTexts texts, IEnumerable<INotificationChannel> channels,
    Jobs jobs, TimeProvider time)
{
    /// <summary>The outbox message that tells a user something.</summary>
    /// <param name="user">Who is told; also the message's partition, in a container that is partitioned by user.</param>
    /// <param name="kind">Of <see cref="NoticeKinds"/>; it is the message's kind, too.</param>
    /// <param name="values">What the kind's text needs, e.g. <c>new { symbol, condition, price }</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="id">The writer's own, where a repeated change must not tell it twice.</param>
    public static OutboxMessage Message(
        string user, string kind, object values, TimeProvider time, string? id = null) => OutboxMessage.OfUser(
            user, kind, new NoticeOrder(user, JsonSerializer.SerializeToElement(values, Json.Options)), time, id);

    /// <summary>Tells it once.</summary>
    /// <param name="user">Who.</param>
    /// <param name="kind">Of <see cref="NoticeKinds"/>.</param>
    /// <param name="values">What the kind's text needs.</param>
    /// <param name="source">Names what happened, the same each time that it is told.</param>
    /// <param name="at">When it happened, the same each time.</param>
    /// <param name="cancellationToken">Gives up; call again.</param>
    public async Task TellAsync(
        string user, string kind, JsonElement values, string source, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        NoticeKind known = NoticeKinds.Find(kind) ?? throw new InvalidOperationException($"There is no kind {kind}.");
        Preferences wanted = await preferences.ReadAsync(user, cancellationToken);
        NoticeText text = texts.Compose(kind, values, wanted.Zone());
        Notice notice = new(
            Ids.Derive(Notice.Prefix, at, Encoding.UTF8.GetBytes($"{source}\n{user}")), kind, text.Title, text.Text,
            text.Link, at, null, known.Importance);
        IReadOnlyList<NoticeChannel> chosen = wanted.ChannelsOf(known);
        TakenNotice taken = await store.TakeAsync(
            user, notice, chosen.Contains(NoticeChannel.InApp), cancellationToken);
        if (taken.Type != NoticeDocument.Folded)
        {
            await StartJobsAsync(user, notice, wanted.HeldUntil(known, time.GetUtcNow()), chosen, cancellationToken);
        }

        if (taken.Shown is { } shown)
        {
            await Channel(NoticeChannel.InApp).SendAsync(
                new(shown.Id, user, InAppChannel.Live, shown), cancellationToken);
        }
    }

    private async Task StartJobsAsync(
        string user, Notice notice, DateTimeOffset? notBefore, IReadOnlyList<NoticeChannel> chosen,
        CancellationToken cancellationToken)
    {
        foreach (NoticeChannel channel in chosen.Where(one => one != NoticeChannel.InApp))
        {
            foreach (string target in await Channel(channel).TargetsAsync(user, notice, cancellationToken))
            {
                DeliveryOrder order = new(channel, target, notice);
                await jobs.StartAsync(
                    DeliveryJobs.KindOf(channel), user, order, cancellationToken,
                    Jobs.IdOf(notice.At, $"{notice.Id}\n{channel}\n{target}"), notBefore);
            }
        }
    }

    private INotificationChannel Channel(NoticeChannel channel) => channels.First(one => one.Channel == channel);
}
