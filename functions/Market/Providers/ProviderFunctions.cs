using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market.Providers;

/// <summary>Fills in for feeds that are silent. Does nothing where no provider is configured.</summary>
public sealed class ProviderFunctions(ProviderPoller poller)
{
    /// <summary>
    /// Every two seconds: within the three after which a silent source is stale. Where no provider is configured the setting
    /// says seldom: a timer that runs every two seconds is half an instance that never rests.
    /// </summary>
    [Function(nameof(PollProviders))]
    public Task PollProviders(
        [TimerTrigger("%ProvidersSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        poller.PollAsync(cancellationToken);
}
