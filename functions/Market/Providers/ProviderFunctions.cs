using Microsoft.Azure.Functions.Worker;

namespace FinVault.Market.Providers;

/// <summary>Fills in for feeds that are silent. Does nothing where no provider is configured.</summary>
public sealed class ProviderFunctions(ProviderPoller poller)
{
    /// <summary>Every two seconds: within the three after which a silent source is stale.</summary>
    [Function(nameof(PollProviders))]
    public Task PollProviders([TimerTrigger("*/2 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        poller.PollAsync(cancellationToken);
}
