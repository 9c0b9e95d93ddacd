using System.Globalization;
using FinVault.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Platform.RateLimits;

/// <summary>
/// Counts a request against what holds for it: the three tiers for its user, else its address; the limit of its own that
/// its function declares; and, where anybody may call, five a minute for programs that say they are one.
/// </summary>
public sealed class RequestLimits(RateLimiter limiter, ClientAddress addresses, RateLimitOptions options)
{
    /// <summary>Counts it, and says how things stand in <c>RateLimit-*</c>.</summary>
    /// <param name="user">Null while nobody has been recognised.</param>
    /// <exception cref="ProblemException">rate_limited.</exception>
    public async ValueTask TakeAsync(FunctionContext context, HttpContext http, CurrentUser? user)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(http);
        if (!options.Enabled || DeclaredFunction.Find<UnlimitedAttribute>(context) is not null)
        {
            return;
        }

        CancellationToken cancellation = context.CancellationToken;
        string address = addresses.Of(http);
        string subject = user is null ? $"address:{address}" : $"user:{user.UserId}";
        RateVerdict verdict = await limiter.TakeAsync(subject, options.Tiers, cancellation);
        if (verdict.Allowed && DeclaredFunction.Find<LimitAttribute>(context) is { } own)
        {
            RateLimit limit = new(own.Name, own.Calls, TimeSpan.FromSeconds(own.Seconds));
            verdict = Tighter(verdict, await limiter.TakeAsync(subject, limit, cancellation));
        }

        if (verdict.Allowed && DeclaredFunction.Find<PublicAttribute>(context) is not null && CallerFingerprint.IsProgram(http.Request))
        {
            string fingerprint = CallerFingerprint.Of(http.Request, address);
            verdict = Tighter(
                verdict, await limiter.TakeAsync($"program:{fingerprint}", options.Suspicious, cancellation));
        }

        Show(http.Response, verdict);
        if (!verdict.Allowed)
        {
            throw verdict.ToProblem();
        }
    }

    private static RateVerdict Tighter(RateVerdict one, RateVerdict other) =>
        !other.Allowed || (double)other.Remaining / other.Limit.Calls < (double)one.Remaining / one.Limit.Calls ? other : one;

    // When the answer starts: a problem clears whatever headers were set before.
    internal static void Show(HttpResponse response, RateVerdict verdict) => response.OnStarting(() =>
    {
        response.Headers["RateLimit-Limit"] = Text(verdict.Limit.Calls);
        response.Headers["RateLimit-Remaining"] = Text(verdict.Allowed ? verdict.Remaining : 0);
        response.Headers["RateLimit-Reset"] = Text(verdict.RetryAfterSeconds);
        return Task.CompletedTask;
    });

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
