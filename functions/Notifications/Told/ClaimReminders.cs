using FinVault.Giveaways;
using FinVault.Platform.Jobs;

namespace FinVault.Notifications;

/// <summary>Reminds a winner who has not claimed, shortly before the prize goes to somebody else.</summary>
public sealed class ClaimReminders(WinnerNotices winners, PrizeStore prizes, TimeProvider time) : IJobHandler
{
    internal const string JobKind = "CLAIM_REMINDER";

    public string Kind => JobKind;

    public JobPolicy Policy => DeliveryJobs.Tries;

    public async Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        WinnerNotice won = job.Read<WinnerNotice>();
        Prize? prize = await prizes.FindAsync(won.Giveaway, won.Prize, cancellationToken);
        if (prize is { State: PrizeState.Won } && prize.Winner == won.Participant && won.ClaimBy > time.GetUtcNow())
        {
            await winners.TellAsync(NoticeKinds.ClaimDue, won, job.Id, won.ClaimBy.Value, cancellationToken);
        }

        return JobOutcome.Done();
    }
}
