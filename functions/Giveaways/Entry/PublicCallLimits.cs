using System.Security.Cryptography;
using System.Text;
using FinVault.Platform;
using FinVault.Platform.RateLimits;
using Microsoft.AspNetCore.Http;

namespace FinVault.Giveaways;

/// <summary>
/// What keeps a giveaway's public calls within bounds: a limit of all of them together, which holds also where nobody
/// can be told apart (SEC-05), and a far smaller one for each fingerprint that says it is a script (SEC-04).
/// </summary>
public sealed class PublicCallLimits(RateLimiter limiter, GiveawayOptions options)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly string[] Suspicious =
    [
        "curl", "wget", "python", "postman", "httpie", "insomnia", "scrapy", "go-http-client", "java/", "libwww",
        "okhttp", "axios", "node-fetch", "headless", "phantom", "selenium", "ruby", "perl",
    ];

    private readonly RateLimit _giveaway = new("giveaway", options.CallsPerMinute, Minute);
    private readonly RateLimit _fingerprint = new("fingerprint", options.SuspiciousPerMinute, Minute);

    /// <summary>Counts a call that changes something.</summary>
    /// <exception cref="ProblemException">rate_limited.</exception>
    public async ValueTask TakeAsync(string giveaway, HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string agent = request.Headers.UserAgent.ToString();
        if (IsSuspicious(agent))
        {
            Allow(await limiter.TakeAsync(FingerprintOf(request, agent), _fingerprint, cancellationToken));
        }

        Allow(await limiter.TakeAsync(giveaway, _giveaway, cancellationToken));
    }

    public static bool IsSuspicious(string agent) =>
        Suspicious.Any(mark => agent.Contains(mark, StringComparison.OrdinalIgnoreCase));

    private static string FingerprintOf(HttpRequest request, string agent) => "fingerprint:" + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{request.HttpContext.Connection.RemoteIpAddress}\n{agent}\n{request.Headers.AcceptLanguage}\n"
            + $"{request.Headers.Accept}\n{request.Headers.AcceptEncoding}")))[..32];

    private static void Allow(RateVerdict verdict)
    {
        if (!verdict.Allowed)
        {
            throw verdict.ToProblem();
        }
    }
}
