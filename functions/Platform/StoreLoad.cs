using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
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
    /// <param name="refused">How often the store had no room for it.</param>
    /// <param name="tries">How often it was sent.</param>
    public void Note(double units, int refused = 0, int tries = 1)
    {
        long second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            ref var slot = ref _seconds[second % Window];
            slot = slot.Second == second
                ? (second, slot.Units + units, slot.Requests + tries, slot.Refused + refused)
                : (second, units, tries, refused);
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

/// <summary>
/// Counts every request of a client. It stands outside of the client's own retries, which hide most refusals: a request
/// that was refused three times and then served comes by here once, as a success. What was refused before is told by the
/// summary of its diagnostics alone, as text; that is written only for requests that took so long that there may have
/// been some, since a refusal makes the client wait.
/// </summary>
public sealed partial class StoreLoadHandler(StoreLoad load) : RequestHandler
{
    private const int MaxSummary = 2_000;

    private static readonly TimeSpan Suspicious = TimeSpan.FromMilliseconds(10);

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        ResponseMessage response = await base.SendAsync(request, cancellationToken);
        bool isRefused = response.StatusCode == HttpStatusCode.TooManyRequests;
        int refused = Math.Max(isRefused ? 1 : 0, Refusals(response.Diagnostics));
        load.Note(response.Headers.RequestCharge, refused, refused + (isRefused ? 0 : 1));
        return response;
    }

    private static int Refusals(CosmosDiagnostics diagnostics)
    {
        if (diagnostics.GetClientElapsedTime() < Suspicious)
        {
            return 0;
        }

        // {"Summary":{"DirectCalls":{"(200, 0)":1,"(429, 3200)":3},"GatewayCalls":{…}},"name":…
        string text = diagnostics.ToString();
        int end = text.IndexOf("\"name\":", StringComparison.Ordinal);
        string summary = text[..Math.Min(end < 0 ? text.Length : end, MaxSummary)];
        return RefusedCalls().Matches(summary).Sum(call => int.Parse(call.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("""\(429, \d+\)":(\d{1,6})""", RegexOptions.CultureInvariant)]
    private static partial Regex RefusedCalls();
}
