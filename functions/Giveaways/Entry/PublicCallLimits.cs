using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;

namespace FinVault.Giveaways;

/// <summary>
/// What keeps a giveaway's public calls within bounds: a limit of all of them together, which holds also where nobody
/// can be told apart (SEC-05), and a far smaller one for each fingerprint that says it is a script (SEC-04).
/// </summary>
public sealed class PublicCallLimits(RateLimiter limiter, ClientAddress addresses, GiveawayOptions options)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly RateLimit _giveaway = new("giveaway", options.CallsPerMinute, Minute);
    private readonly RateLimit _program = new("giveaway-program", options.SuspiciousPerMinute, Minute);

    /// <summary>Counts a call that changes something.</summary>
    /// <exception cref="ProblemException">rate_limited.</exception>
    public async ValueTask TakeAsync(string giveaway, HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        HttpResponse response = request.HttpContext.Response;
        if (CallerFingerprint.IsProgram(request))
        {
            string fingerprint = CallerFingerprint.Of(request, addresses.Of(request.HttpContext));
            Allow(await limiter.TakeAsync($"program:{fingerprint}", _program, cancellationToken), response);
        }

        Allow(await limiter.TakeAsync(giveaway, _giveaway, cancellationToken), response);
    }

    private static void Allow(RateVerdict verdict, HttpResponse response)
    {
        RequestLimits.Show(response, verdict);
        if (!verdict.Allowed)
        {
            throw verdict.ToProblem();
        }
    }
}
