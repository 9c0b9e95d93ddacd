using FinVault.Market.Providers;
using FinVault.Platform.Resilience;
using Microsoft.Extensions.Configuration;

namespace FinVault.Portfolios;

/// <summary>
/// The settings under <c>Fx</c>: where exchange rates come from. A source of live rates is any that answers a GET with
/// JSON that has an object of rates by currency; places in it are JSON Pointers (RFC 6901). Without any address nothing is
/// asked, and the stored daily rates stand in.
/// </summary>
public sealed record FxOptions
{
    public const string Section = "Fx";

    /// <summary>Live rates, e.g. <c>https://api.frankfurter.dev/v1/latest?base=EUR</c>; empty for none.</summary>
    public string Url { get; init; } = "";

    /// <summary>Where the object of rates is: units for one of the base by ISO 4217.</summary>
    public string Rates { get; init; } = "/rates";

    /// <summary>Where the base's code is; where it is not told it is the euro.</summary>
    public string Base { get; init; } = "/base";

    /// <summary>Where it says when the rates were made; empty takes the moment of the answer.</summary>
    public string Time { get; init; } = "";

    public ProviderTime TimeFormat { get; init; }

    /// <summary>Rates that are older are marked as stale; a weekend and a holiday are not too long.</summary>
    public double StaleHours { get; init; } = 96;

    /// <summary>The central bank's rates of the last day (eurofxref-daily.xml); empty for none.</summary>
    public string DailyUrl { get; init; } = "";

    /// <summary>The same of all days (eurofxref-hist.xml), for what was missed; empty for none.</summary>
    public string HistoryUrl { get; init; } = "";

    /// <summary>Longest wait for an answer; the whole history has some ten megabytes.</summary>
    public double TotalSeconds { get; init; } = 20;

    /// <summary>Whether anybody is asked at all.</summary>
    internal bool HasSource => Url.Length > 0 || DailyUrl.Length > 0;

    internal DependencySettings Limits => new() { TotalSeconds = TotalSeconds, BreakerFailures = 5, BreakerSeconds = 60 };

    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static FxOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        FxOptions options = configuration.GetSection(Section).Get<FxOptions>() ?? new();
        Require(IsAddress(options.Url), nameof(Url), "must be an https or http address");
        Require(IsAddress(options.DailyUrl), nameof(DailyUrl), "must be an https or http address");
        Require(IsAddress(options.HistoryUrl), nameof(HistoryUrl), "must be an https or http address");
        string[] pointers = [options.Rates, options.Base, options.Time];
        Require(pointers.All(JsonPointer.IsValid), "Rates, Base, Time", "must be JSON Pointers, like /data/rates");
        Require(options is { StaleHours: > 0, TotalSeconds: > 0 }, "StaleHours, TotalSeconds", "must be above 0");
        return options;

        static void Require(bool holds, string setting, string rule)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"The setting {Section}:{setting} {rule}.");
            }
        }

        static bool IsAddress(string text) => text.Length == 0
            || (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http");
    }
}
