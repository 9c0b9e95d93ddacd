using System.Net;
using Microsoft.Azure.Cosmos;

namespace FinVault.Platform;

/// <summary>
/// What this process asks of the store: request units and refusals (429) over the last seconds. Every instance counts
/// its own; refusals tell of what all of them ask together.
/// </summary>
public sealed class StoreLoad(TimeProvider time)
{
    /// <summary>Seconds that are looked back.</summary>
    public const int Window = 10;

    private readonly Lock _gate = new();
    private readonly (long Second, double Units, int Requests, int Refused)[] _seconds = new (long, double, int, int)[Window];

    /// <summary>Counts a request.</summary>
    /// <param name="units">Its charge.</param>
    /// <param name="refused">Whether the store had no room for it.</param>
    public void Note(double units, bool refused)
    {
        long second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            ref var slot = ref _seconds[second % Window];
            slot = slot.Second == second
                ? (second, slot.Units + units, slot.Requests + 1, slot.Refused + (refused ? 1 : 0))
                : (second, units, 1, refused ? 1 : 0);
        }
    }

    /// <summary>Request units a second, and the part of the requests that was refused, over the window.</summary>
    public (double UnitsPerSecond, double RefusedPart) Recent()
    {
        long since = time.GetUtcNow().ToUnixTimeSeconds() - Window;
        lock (_gate)
        {
            var recent = _seconds.Where(slot => slot.Second > since).ToArray();
            int requests = recent.Sum(slot => slot.Requests);
            return (recent.Sum(slot => slot.Units) / Window, requests == 0 ? 0 : (double)recent.Sum(slot => slot.Refused) / requests);
        }
    }
}

/// <summary>Counts every request of a client.</summary>
public sealed class StoreLoadHandler(StoreLoad load) : RequestHandler
{
    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        ResponseMessage response = await base.SendAsync(request, cancellationToken);
        load.Note(response.Headers.RequestCharge, response.StatusCode == HttpStatusCode.TooManyRequests);
        return response;
    }
}
