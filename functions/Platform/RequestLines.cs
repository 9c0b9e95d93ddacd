using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace FinVault.Platform;

/// <summary>The settings under <c>RequestLog</c>.</summary>
public sealed record RequestLogOptions
{
    public const string Section = "RequestLog";

    /// <summary>Of answers that are nothing out of the ordinary, one in so many gets a line. 1 and less: each.</summary>
    public int OneIn { get; init; } = 1;

    public static RequestLogOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.GetSection(Section).Get<RequestLogOptions>() ?? new();
    }
}

/// <summary>
/// Which answers get a line in the log: a line costs more than the call. Each that was refused, failed or slow; of the others
/// one in a while, and at least one a minute, so that whoever looks whether the app says anything hears it. Metrics count all.
/// </summary>
public sealed class RequestLines(RequestLogOptions options, TimeProvider time)
{
    private const double SlowMilliseconds = 1_000;
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private int _since;
    private DateTimeOffset _toldAt = DateTimeOffset.MinValue;

    public bool IsTold(int status, double milliseconds)
    {
        if (options.OneIn <= 1 || status >= StatusCodes.Status400BadRequest || milliseconds >= SlowMilliseconds)
        {
            return true;
        }

        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (++_since < options.OneIn && now - _toldAt < AtLeastEvery)
            {
                return false;
            }

            (_since, _toldAt) = (0, now);
            return true;
        }
    }
}
