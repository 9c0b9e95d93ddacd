using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR.Management;
using Microsoft.Extensions.Logging;

namespace FinVault.Market.Live;

/// <summary>
/// The once-a-second stream of those who cannot keep up: the latest quote of each changed symbol, with the number that
/// this stream sent before it. A second in which the process dies is a gap like any other, which the next quote shows.
/// </summary>
public sealed partial class ConflatedQuotes(
    ServiceHubContext hub, TimeProvider time, ILogger<ConflatedQuotes> logger) : WindowedQuotes(time)
{
    protected override Task TakeAsync(Dictionary<string, Quote> changed, CancellationToken cancellationToken) =>
        Task.WhenAll(changed.Values.Select(q => hub.Clients.Group(Realtime.ConflatedGroup(q.Symbol))
            .SendCoreAsync(Realtime.Quotes, [new[] { q }], cancellationToken)));

    protected override void NotTaken(Exception failure) => NotSent(logger, failure);

    [LoggerMessage(1101, LogLevel.Warning, "Conflated quotes were not sent; their clients will find a gap.")]
    private static partial void NotSent(ILogger logger, Exception failure);
}
