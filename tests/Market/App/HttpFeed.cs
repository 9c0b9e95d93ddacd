using System.Globalization;
using System.Net;
using System.Text;
using FinVault.Tests.Market.Reference;

namespace FinVault.Tests.Market.App;

/// <summary>
/// A feed as an outsider would write it: sends its recording in calls of some ticks and goes on only when a call was
/// acknowledged; whatever happens in between, it sends the same call again.
/// </summary>
internal sealed class HttpFeed(IReadOnlyList<ReferenceTick> ticks, int ticksPerCall)
{
    private readonly List<string> _calls = [.. ticks.Chunk(ticksPerCall).Select(Body)];

    public int Calls => _calls.Count;

    /// <summary>Calls that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Sends until all is acknowledged, <paramref name="upTo"/> calls are, or nobody answers.</summary>
    public async Task SendAsync(Uri server, int upTo, CancellationToken cancellationToken)
    {
        using HttpClient http = new() { BaseAddress = server };
        while (Acknowledged < Math.Min(upTo, Calls))
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "api/v1/market/ticks")
            {
                Content = new StringContent(_calls[Acknowledged], Encoding.UTF8, "application/json"),
                Headers = { { "x-feed", "recorder" }, { "x-feed-position", $"{Acknowledged + 1}" } },
            };
            try
            {
                using HttpResponseMessage answer = await http.SendAsync(request, cancellationToken);
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
                Acknowledged++;
            }
            catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private static string Body(IEnumerable<ReferenceTick> ticks) => "[" + string.Join(',', ticks.Select(t => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"symbol":"{{t.Symbol}}","price":{{t.Price}},"volume":{{t.Volume}},"eventTime":"{{t.Time:yyyy-MM-ddTHH:mm:ssZ}}"}"""))) + "]";
}
