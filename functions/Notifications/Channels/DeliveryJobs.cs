using FinVault.Platform.Jobs;

namespace FinVault.Notifications;

/// <summary>What a delivery's job is given.</summary>
public sealed record DeliveryOrder(NoticeChannel Channel, string Target, Notice Notice);

/// <summary>
/// Messages by Telegram and web push as jobs (NOTIFICATIONS). Mails are jobs of <see cref="MailJobs"/>.
/// </summary>
public sealed class DeliveryJobs(IEnumerable<INotificationChannel> channels) : IJobHandler
{
    public string Kind => JobKinds.Notifications;

    public JobPolicy Policy => Tries;

    /// <summary>Twelve tries within about an hour and a half.</summary>
    internal static JobPolicy Tries { get; } = new(12, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(20));

    public static string KindOf(NoticeChannel channel) =>
        channel == NoticeChannel.Email ? JobKinds.Email : JobKinds.Notifications;

    public async Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        DeliveryOrder order = job.Read<DeliveryOrder>();
        await channels.First(channel => channel.Channel == order.Channel)
            .SendAsync(new(job.Id, job.Owner, order.Target, order.Notice), cancellationToken);
        return JobOutcome.Done();
    }
}
