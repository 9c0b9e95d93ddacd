using FinVault.Platform.Resilience;
using Microsoft.Extensions.Configuration;

namespace FinVault.Market.Providers;

/// <summary>
/// The settings under <c>PriceProviders</c>. Without a provider nothing is polled; how often, <c>ProvidersSchedule</c> says,
/// in Azure by <c>PRICE_PROVIDERS=on</c>.
/// </summary>
public sealed record ProviderOptions
{
    public const string Section = "PriceProviders";

    internal const int DefaultRequestsPerMinute = 60;

    // What the providers' free plans allow (MKT-19); a provider of another name gets the default.
    private static readonly Dictionary<string, int> KnownRates = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bybit"] = 120, ["alphavantage"] = 5,
    };

    /// <summary>The next provider is asked too when the one before has not answered for this long.</summary>
    public int HedgeMilliseconds { get; init; } = 1_000;

    /// <summary>Symbols to poll even before any feed has sent a tick of them.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = [];

    /// <summary>Symbols with these prefixes are never polled: nobody but our own feed knows them.</summary>
    public IReadOnlyList<string> IgnorePrefixes { get; init; } = ["TEST-"];

    /// <summary>Providers over HTTP, the preferred one first.</summary>
    public IReadOnlyList<HttpProviderOptions> Providers { get; init; } = [];

    /// <summary>Limits of providers that are not HTTP ones.</summary>
    public ProviderLimits Limits { get; init; } = new();

    internal ProviderLimits LimitsOf(string provider) =>
        Providers.FirstOrDefault(one => one.Name == provider) ?? Limits;

    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static ProviderOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ProviderOptions options = configuration.GetSection(Section).Get<ProviderOptions>() ?? new();
        HttpProviderOptions[] providers = [.. options.Providers.Select((one, index) =>
        {
            one.Check($"{Section}:{nameof(Providers)}:{index}");
            return one with { RequestsPerMinute = RateOf(one, configuration) };
        })];
        string[] names = [.. providers.Select(one => one.Name)];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? options with { Providers = providers }
            : throw new InvalidOperationException($"{Section}:{nameof(Providers)}: two providers have the same name.");
    }

    // BYBIT_RATE_LIMIT, where it is set, wins over the provider's own section.
    private static int RateOf(HttpProviderOptions provider, IConfiguration configuration)
    {
        string variable = $"{provider.Name.ToUpperInvariant()}_RATE_LIMIT";
        int? asked = configuration.GetValue<int?>(variable) ?? provider.RequestsPerMinute;
        return asked is <= 0
            ? throw new InvalidOperationException($"{variable} (requests a minute) must be above 0.")
            : asked ?? KnownRates.GetValueOrDefault(provider.Name, DefaultRequestsPerMinute);
    }
}

/// <summary>How much a provider may cost us, in requests, time and failures (MKT-19, MKT-21, MKT-22).</summary>
public record ProviderLimits
{
    /// <summary>Requests in any 60 seconds; null takes the default of the provider's name.</summary>
    public int? RequestsPerMinute { get; init; }

    public double ConnectSeconds { get; init; } = 2.0;

    /// <summary>Longest wait for the head of an answer, and again for its body.</summary>
    public double ReadSeconds { get; init; } = 5.0;

    public double TotalSeconds { get; init; } = 10.0;

    /// <summary>Failures in a row that open the breaker.</summary>
    public int BreakerFailures { get; init; } = 5;

    /// <summary>How long an open breaker lets nothing through before it tries one request.</summary>
    public double BreakerSeconds { get; init; } = 60;

    internal DependencySettings ForCalls => new()
    {
        ConnectSeconds = ConnectSeconds,
        TotalSeconds = TotalSeconds,
        BreakerFailures = BreakerFailures,
        BreakerSeconds = BreakerSeconds,
    };
}
