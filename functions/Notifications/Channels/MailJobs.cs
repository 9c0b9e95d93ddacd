using System.Text.Json;
using FinVault.Platform.Jobs;

namespace FinVault.Notifications;

/// <summary>
/// Writes a mail at the moment that it is sent, for what must not be kept before: the secret of a link, or an address.
/// </summary>
public interface IMailComposer
{
    /// <summary>As in <see cref="MailOrder.Composer"/>.</summary>
    string Name { get; }

    /// <summary>The mail, or null where there is nobody to send it to any more.</summary>
    /// <param name="id">For the mail's <c>Message-ID</c>.</param>
    /// <param name="user">Who it is for; empty for somebody without an account.</param>
    /// <param name="order">What to write about.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Mail?> ComposeAsync(string id, string user, JsonElement order, CancellationToken cancellationToken);
}

/// <summary>A mail that is to be composed when it is sent.</summary>
public sealed record MailOrder(string Composer, JsonElement Order);

/// <summary>Mails as jobs (EMAIL): notices, and what composers write.</summary>
public sealed class MailJobs(
    IEnumerable<INotificationChannel> channels, IEnumerable<IMailComposer> composers, MailGate gate) : IJobHandler
{
    public string Kind => JobKinds.Email;

    public JobPolicy Policy => DeliveryJobs.Tries;

    public async Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.Input.TryGetProperty("composer", out _))
        {
            MailOrder composed = job.Read<MailOrder>();
            Mail? mail = await composers.First(one => one.Name == composed.Composer)
                .ComposeAsync(job.Id, job.Owner, composed.Order, cancellationToken);
            if (mail is not null)
            {
                await gate.SendAsync(mail, cancellationToken);
            }

            return JobOutcome.Done();
        }

        DeliveryOrder order = job.Read<DeliveryOrder>();
        await channels.First(channel => channel.Channel == NoticeChannel.Email)
            .SendAsync(new(job.Id, job.Owner, order.Target, order.Notice), cancellationToken);
        return JobOutcome.Done();
    }
}
