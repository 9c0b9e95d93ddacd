using System.Text.Json;
using FinVault.Notifications;
using FinVault.Platform;
using FinVault.Platform.Jobs;

namespace FinVault.Identity;

/// <summary>Which key is about to end.</summary>
public sealed record KeyReminder(string User, string KeyId);

/// <summary>Tells the owner of an API key that it ends soon, while it is still there (OWASP ASVS 2.3.3).</summary>
public sealed class KeyReminders(ApiKeys keys, Notices notices) : IJobHandler
{
    internal const string JobKind = "KEY_REMINDER";

    // Two weeks before; of a key that lives for less than four, halfway.
    private static readonly TimeSpan Before = TimeSpan.FromDays(14);

    public string Kind => JobKind;

    public JobPolicy Policy => DeliveryJobs.Tries;

    internal static DateTimeOffset At(DateTimeOffset made, TimeSpan life) =>
        made + life - (life / 2 < Before ? life / 2 : Before);

    public async Task<JobOutcome> RunAsync(JobRun job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        KeyReminder told = job.Read<KeyReminder>();
        IReadOnlyList<ApiKeyView> all = await keys.ListAsync(told.User, cancellationToken);
        if (all.FirstOrDefault(one => one.KeyId == told.KeyId) is { } key)
        {
            await notices.TellAsync(
                told.User, NoticeKinds.KeyEnds, JsonSerializer.SerializeToElement(key, Json.Options), job.Id, key.ExpiresAt,
                cancellationToken);
        }

        return JobOutcome.Done();
    }
}
