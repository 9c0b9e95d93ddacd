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
/// that was refused three times and then served comes by here once, as a success. What was refused before stands in its
/// diagnostics: how many calls failed as a number, and which of them were refused in their text alone, which is written
/// only where there may have been some. Where a query takes several requests, each tells of those before it, too.
/// </summary>
/// <param name="mode">The client's. In gateway mode it does not count what failed.</param>
public sealed partial class StoreLoadHandler(StoreLoad load, ConnectionMode mode) : RequestHandler
{
    private const int MaxSummary = 2_000;

    /// <summary>A refusal makes the client wait: what took less was not refused, or not for long.</summary>
    private static readonly TimeSpan Suspicious = TimeSpan.FromMilliseconds(10);

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        ResponseMessage response = await base.SendAsync(request, cancellationToken);
        bool isRefused = response.StatusCode == HttpStatusCode.TooManyRequests;
        int refused = Math.Max(isRefused ? 1 : 0, Refusals(response.Diagnostics));
        load.Note(response.Headers.RequestCharge, refused, refused + (isRefused ? 0 : 1));
        return response;
    }

    /// <summary>The refusals among the failures that diagnostics tell of.</summary>
    /// <param name="failed">How many failures they count.</param>
    /// <param name="text">
    /// <c>{"Summary":{"DirectCalls":{"(200, 0)":1,"(429, 3200)":3},"GatewayCalls":{…}},"name":…</c>. In any other form, as
    /// of a later client, every failure counts: to wait in vain is better than to go on.
    /// </param>
    internal static int Refusals(int failed, string text)
    {
        int end = text.IndexOf("\"name\":", StringComparison.Ordinal);
        string summary = text[..Math.Min(end < 0 ? text.Length : end, MaxSummary)];
        MatchCollection calls = Calls().Matches(summary);
        return calls.Count == 0
            ? failed
            : calls.Where(call => call.Groups["status"].ValueSpan is "429")
                .Sum(call => int.Parse(call.Groups["times"].ValueSpan, CultureInfo.InvariantCulture));
    }

    private int Refusals(CosmosDiagnostics diagnostics)
    {
        int failed = diagnostics.GetFailedRequestCount();
        bool isSuspicious = failed > 0
            || (mode == ConnectionMode.Gateway && diagnostics.GetClientElapsedTime() >= Suspicious);
        return isSuspicious ? Refusals(failed, diagnostics.ToString()) : 0;
    }

    [GeneratedRegex("""\((?<status>\d{3}), \d+\)":(?<times>\d{1,6})""", RegexOptions.CultureInvariant)]
    private static partial Regex Calls();
}
